package dev.strongroom.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The answer to a {@link HttpCall}.
 *
 * @param headers by name; without those that the server adds itself, such as the length
 * @param body taken over: whoever sends it wipes it then, see {@link #wipe}. Empty where nothing is
 *     sent, as for {@code HEAD}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpReply(int status, Map<String, String> headers, byte[] body) {
  public HttpReply {
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }

  HttpReply with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new HttpReply(status, all, body);
  }

  HttpReply withoutBody() {
    wipe();
    return new HttpReply(status, headers, new byte[0]);
  }

  /** Overwrites the body, which may hold a secret. */
  public void wipe() {
    Arrays.fill(body, (byte) 0);
  }

  /** Names the status; the rest is never printed. */
  @Override
  public String toString() {
    return "HttpReply[" + status + "]";
  }
}
