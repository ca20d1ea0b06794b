package dev.strongroom.http;

import dev.strongroom.spi.InstantText;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Which requests are being answered at this moment. Thread-safe. */
final class InFlight {
  private final InstantSource clock;
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, Begun> all = new ConcurrentHashMap<>();

  /** A call itself is not to be looked at by others. */
  private record Begun(String method, String target, InetSocketAddress from, Instant at) {}

  InFlight(InstantSource clock) {
    this.clock = clock;
  }

  /** Notes a request and returns its number, for {@link #end}. */
  long begin(HttpCall call) {
    long id = next.incrementAndGet();
    all.put(id, new Begun(call.method(), call.target(), call.remote(), clock.instant()));
    return id;
  }

  void end(long id) {
    all.remove(id);
  }

  /**
   * Returns the requests by number, as OpenBao v2.6.2 {@code vault/core.go} names their members.
   */
  Map<String, Object> read() {
    Map<String, Object> shown = new TreeMap<>();
    all.forEach((id, begun) -> shown.put(Long.toString(id), show(begun)));
    return shown;
  }

  private static Map<String, Object> show(Begun begun) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("start_time", InstantText.format(begun.at));
    members.put(
        "client_remote_address",
        begun.from.getAddress().getHostAddress() + ":" + begun.from.getPort());
    members.put("request_path", path(begun.target));
    members.put("request_method", printable(begun.method));
    return members;
  }

  /** A query may hold what is secret. */
  private static String path(String target) {
    int query = target.indexOf('?');
    return printable(query < 0 ? target : target.substring(0, query));
  }

  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
