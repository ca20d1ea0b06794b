package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the caller. */
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
record Answer(int status, Map<String, String> headers, byte[] body) {

  static Answer json(int status, Map<String, ?> members) {
    return new Answer(
        status, Map.of("Content-Type", "application/json"), Payload.of(members).toJson());
  }

  static Answer text(int status, String type, String text) {
    return new Answer(status, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8));
  }

  Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, body);
  }

  /** The first lines, up to the body, which has {@code length} bytes. */
  byte[] head(long length) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
    headers.forEach(
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
