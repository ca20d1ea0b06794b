package dev.strongroom.http;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/** A request as a server has received it. For one thread, and only until it is answered. */
public interface HttpCall {

  /** Returns the method as it was sent; case counts. */
  String method();

  /** Returns path and query as they were sent: nothing decoded, nothing cleaned. */
  String target();

  /** Returns the values of a header in their order; its name in any case. */
  List<String> header(String name);

  /** Returns the names of all headers, in any case. */
  Set<String> headerNames();

  /** Returns the body, from its beginning; without one it is empty. */
  InputStream body();

  /** Returns who sent the request, as the connection tells. */
  InetSocketAddress remote();
}
