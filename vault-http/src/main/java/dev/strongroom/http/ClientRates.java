package dev.strongroom.http;

import dev.strongroom.spi.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many requests each client may still make: as many as come again in two seconds at once, then
 * so many a second. The last 10,000 clients are remembered. Thread-safe.
 */
final class ClientRates {
  private static final int MAX_CLIENTS = 10_000;
  private static final int BURST_SECONDS = 2;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final int perSecond;
  private final InstantSource clock;

  // Guarded by this.
  private final Map<Cidr, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Cidr, Bucket> eldest) {
          return size() > MAX_CLIENTS;
        }
      };

  private static final class Bucket {
    private double left;
    private long at;
  }

  /**
   * Begins with every client's full number.
   *
   * @param perSecond 0: any number
   */
  ClientRates(int perSecond, InstantSource clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Takes a request of a client's number; false if it has none left. */
  boolean take(InetAddress client) {
    if (perSecond == 0) {
      return true;
    }
    Cidr key = Cidr.ofClient(client);
    Instant now = clock.instant();
    synchronized (this) {
      return take(buckets.computeIfAbsent(key, made -> full(now)), now.toEpochMilli());
    }
  }

  private Bucket full(Instant now) {
    Bucket bucket = new Bucket();
    bucket.left = (double) perSecond * BURST_SECONDS;
    bucket.at = now.toEpochMilli();
    return bucket;
  }

  private boolean take(Bucket bucket, long now) {
    double more = Math.max(0, now - bucket.at) / MILLIS_PER_SECOND * perSecond;
    bucket.left = Math.min(bucket.left + more, (double) perSecond * BURST_SECONDS);
    bucket.at = now;
    if (bucket.left < 1) {
      return false;
    }
    bucket.left--;
    return true;
  }
}
