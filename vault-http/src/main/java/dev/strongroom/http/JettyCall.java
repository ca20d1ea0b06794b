package dev.strongroom.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/** A request as Jetty has received it. Its headers are read once, however many there are. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JettyCall(Request request, Map<String, List<String>> headers, byte[] bytes)
    implements HttpCall {
  private static final byte[] NOTHING = {};

  /** Returns a request before its body has arrived. */
  static JettyCall of(Request request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers
          .computeIfAbsent(field.getLowerCaseName(), name -> new ArrayList<>(1))
          .add(field.getValue() == null ? "" : field.getValue());
    }
    return new JettyCall(request, headers, NOTHING);
  }

  JettyCall withBody(byte[] body) {
    return new JettyCall(request, headers, body);
  }

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String target() {
    HttpURI uri = request.getHttpURI();
    String target = uri.getPathQuery() == null ? "" : uri.getPathQuery();
    return uri.getFragment() == null ? target : target + "#" + uri.getFragment();
  }

  @Override
  public List<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  @Override
  public Set<String> headerNames() {
    return headers.keySet();
  }

  @Override
  public InputStream body() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public InetSocketAddress remote() {
    return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
  }

  /** Names the method; nothing else is printed. */
  @Override
  public String toString() {
    return method();
  }
}
