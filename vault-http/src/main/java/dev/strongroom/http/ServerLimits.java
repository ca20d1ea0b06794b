package dev.strongroom.http;

import java.time.Duration;

/**
 * What a {@link VaultHttpServer} bears at most.
 *
 * @param connections open at the same time, 1 to 1,000,000; others wait until one is closed
 * @param clientConnections how many of them one client may have, 1 to {@code connections}; others
 *     are closed at once. A client is an IPv4 address or a /64 block of IPv6 addresses. Trusted
 *     proxies, see {@link HttpOptions#trustedProxies}, and loopback addresses may have any number:
 *     what is behind a proxy or a tunnel on the same host are many clients
 * @param threads that answer at the same time, 8 to 10,000
 * @param headerBytes request line and headers together, 1 KiB to 1 MiB; more is answered with 431
 * @param head how long request line and headers may take to arrive, 1 second to 1 hour; then the
 *     connection is closed. Counts from its opening for the first request, so one without any is
 *     closed as well
 * @param request how long it may take from there until the body has come and the answer has been
 *     sent, however slowly that goes, 1 second to 1 hour; then it is answered with 500 and nobody
 *     hears of what comes of it
 * @param idle how long a connection may be silent, also in the middle of a request, 1 second to 1
 *     hour; then it is closed
 * @param drain how long a stop waits for requests under way, 0 to 10 minutes
 */
public record ServerLimits(
    int connections,
    int clientConnections,
    int threads,
    int headerBytes,
    Duration head,
    Duration request,
    Duration idle,
    Duration drain) {
  /**
   * 10,000 connections, of one client 2,500, 200 threads, 32 KiB, 10 seconds, 90 seconds, one
   * minute, ten seconds.
   */
  public static final ServerLimits DEFAULT = new ServerLimits(
      10_000,
      2_500,
      200,
      32 * 1024,
      Duration.ofSeconds(10),
      Duration.ofSeconds(90),
      Duration.ofMinutes(1),
      Duration.ofSeconds(10));

  public ServerLimits {
    require("connections", connections, 1, 1_000_000);
    require("clientConnections", clientConnections, 1, connections);
    require("threads", threads, 8, 10_000);
    require("headerBytes", headerBytes, 1024, 1024 * 1024);
    requireSecondToHour("head", head);
    requireSecondToHour("request", request);
    requireSecondToHour("idle", idle);
    require("drain in milliseconds", drain.toMillis(), 0, Duration.ofMinutes(10).toMillis());
  }

  /** One client may have a quarter of them then. */
  public ServerLimits withConnections(int open) {
    return new ServerLimits(
        open, Math.max(1, open / 4), threads, headerBytes, head, request, idle, drain);
  }

  public ServerLimits withClientConnections(int ofOne) {
    return new ServerLimits(connections, ofOne, threads, headerBytes, head, request, idle, drain);
  }

  public ServerLimits withThreads(int answering) {
    return new ServerLimits(
        connections, clientConnections, answering, headerBytes, head, request, idle, drain);
  }

  public ServerLimits withHeaderBytes(int bytes) {
    return new ServerLimits(
        connections, clientConnections, threads, bytes, head, request, idle, drain);
  }

  public ServerLimits withHead(Duration arrival) {
    return new ServerLimits(
        connections, clientConnections, threads, headerBytes, arrival, request, idle, drain);
  }

  public ServerLimits withRequest(Duration answer) {
    return new ServerLimits(
        connections, clientConnections, threads, headerBytes, head, answer, idle, drain);
  }

  public ServerLimits withIdle(Duration silent) {
    return new ServerLimits(
        connections, clientConnections, threads, headerBytes, head, request, silent, drain);
  }

  public ServerLimits withDrain(Duration wait) {
    return new ServerLimits(
        connections, clientConnections, threads, headerBytes, head, request, idle, wait);
  }

  private static void requireSecondToHour(String name, Duration value) {
    require(
        name + " in milliseconds", value.toMillis(), 1_000, Duration.ofHours(1).toMillis());
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "need " + min + " <= " + name + " <= " + max + ", but got " + value);
    }
  }
}
