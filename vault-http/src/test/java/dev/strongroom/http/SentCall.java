package dev.strongroom.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A call as a test sends it: the method and the target, then headers and a body. */
record SentCall(String method, String target, Map<String, List<String>> headers, InputStream body)
    implements HttpCall {

  static SentCall of(String methodAndTarget) {
    String[] parts = methodAndTarget.split(" ", 2);
    return new SentCall(
        parts[0],
        parts[1],
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
        InputStream.nullInputStream());
  }

  SentCall with(String header, String value) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    List<String> values = new ArrayList<>(all.getOrDefault(header, List.of()));
    values.add(value);
    all.put(header, values);
    return new SentCall(method, target, all, body);
  }

  SentCall body(String text) {
    return body(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  SentCall body(InputStream bytes) {
    return new SentCall(method, target, headers, bytes);
  }

  @Override
  public List<String> header(String name) {
    return headers.getOrDefault(name, List.of());
  }

  @Override
  public Set<String> headerNames() {
    return headers.keySet();
  }

  @Override
  public InetSocketAddress remote() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
  }
}
