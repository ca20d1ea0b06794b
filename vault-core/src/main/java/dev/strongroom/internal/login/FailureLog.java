package dev.strongroom.internal.login;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.internal.mount.MountEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells operators why logins fail, and renewals that somebody outside was asked about, of each
 * mount so many in a minute: strangers fail as often as they like, and must not fill a disk.
 * Thread-safe.
 */
final class FailureLog {
  static final int A_MINUTE = 100;

  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<String, Count> counts = new HashMap<>();

  private record Count(Instant since, int failures) {
    boolean isOver(Instant now) {
      return !now.isBefore(since.plus(MINUTE));
    }

    int leftOut() {
      return Math.max(0, failures - A_MINUTE);
    }
  }

  FailureLog(InstantSource clock) {
    this.clock = clock;
  }

  /** Logs a failure, or counts it for the next one that is logged. */
  void warn(MountEntry mount, String text) {
    Instant now = clock.instant();
    int leftOut;
    lock.lock();
    try {
      Count before = counts.getOrDefault(mount.accessor(), new Count(now, 0));
      boolean anew = before.isOver(now);
      leftOut = anew ? before.leftOut() : 0;
      Count after = anew ? new Count(now, 1) : new Count(before.since, before.failures + 1);
      counts.put(mount.accessor(), after);
      if (after.leftOut() > 0) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (leftOut > 0) {
      LOG.log(
          Level.WARNING,
          leftOut + " more failed logins at " + mount.path()
              + ", or renewals, are only in the audit: the log takes " + A_MINUTE + " a minute");
    }
    LOG.log(Level.WARNING, text);
  }
}
