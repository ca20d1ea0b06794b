package dev.strongroom.http;

import java.time.Duration;

/**
 * What a {@link VaultHttpServer} bears at most.
 *
 * @param connections open at the same time, 1 to 1,000,000; others wait until one is closed
 * @param threads that answer at the same time, 8 to 10,000
 * @param headerBytes request line and headers together, 1 KiB to 1 MiB; more is answered with 431
 * @param idle how long a connection may be silent, also in the middle of a request, 1 second to 1
 *     hour; then it is closed
 * @param bodyBytesPerSecond what a sender of a body must reach on average, 0 (no matter) to 1 MiB;
 *     slower ones are answered with 408
 * @param drain how long a stop waits for requests under way, 0 to 10 minutes
 */
public record ServerLimits(
    int connections,
    int threads,
    int headerBytes,
    Duration idle,
    int bodyBytesPerSecond,
    Duration drain) {
  /** 10,000 connections, 200 threads, 32 KiB, one minute, 256 bytes a second, ten seconds. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(10_000, 200, 32 * 1024, Duration.ofMinutes(1), 256, Duration.ofSeconds(10));

  public ServerLimits {
    require("connections", connections, 1, 1_000_000);
    require("threads", threads, 8, 10_000);
    require("headerBytes", headerBytes, 1024, 1024 * 1024);
    require("idle in milliseconds", idle.toMillis(), 1_000, Duration.ofHours(1).toMillis());
    require("bodyBytesPerSecond", bodyBytesPerSecond, 0, 1024 * 1024);
    require("drain in milliseconds", drain.toMillis(), 0, Duration.ofMinutes(10).toMillis());
  }

  public ServerLimits withConnections(int open) {
    return new ServerLimits(open, threads, headerBytes, idle, bodyBytesPerSecond, drain);
  }

  public ServerLimits withThreads(int answering) {
    return new ServerLimits(connections, answering, headerBytes, idle, bodyBytesPerSecond, drain);
  }

  public ServerLimits withHeaderBytes(int bytes) {
    return new ServerLimits(connections, threads, bytes, idle, bodyBytesPerSecond, drain);
  }

  public ServerLimits withIdle(Duration silent) {
    return new ServerLimits(connections, threads, headerBytes, silent, bodyBytesPerSecond, drain);
  }

  public ServerLimits withBodyBytesPerSecond(int bytes) {
    return new ServerLimits(connections, threads, headerBytes, idle, bytes, drain);
  }

  public ServerLimits withDrain(Duration wait) {
    return new ServerLimits(connections, threads, headerBytes, idle, bodyBytesPerSecond, wait);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "need " + min + " <= " + name + " <= " + max + ", but got " + value);
    }
  }
}
