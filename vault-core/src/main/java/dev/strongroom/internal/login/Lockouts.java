package dev.strongroom.internal.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.internal.mount.AuthSettings.Lockout;
import dev.strongroom.internal.mount.MountEntry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Counts failed logins, and locks a name at a mount after some in a row, as OpenBao v2.6.2
 * {@code vault/request_handling.go} (isUserLocked) does, but for names that nobody has as well: a
 * stranger must not tell them apart. In memory, so that a stranger's guess writes nothing; sealing
 * forgets. Thread-safe.
 */
public final class Lockouts {
  private static final int MAX_NAMES = 50_000;
  private static final int MAX_NAME_LENGTH = 512;

  private final InstantSource clock;
  private final Cache<Name, Failures> failures =
      Caffeine.newBuilder().maximumSize(MAX_NAMES).executor(Runnable::run).build();

  private record Name(String mountAccessor, String text) {}

  private record Failures(int count, Instant last) {}

  Lockouts(InstantSource clock) {
    this.clock = clock;
  }

  boolean isLocked(MountEntry mount, String name) {
    Failures known = failures.getIfPresent(new Name(mount.accessor(), name));
    return known != null && isLocked(rules(mount), known);
  }

  private boolean isLocked(Lockout rules, Failures known) {
    return !rules.disabled()
        && known.count >= rules.effectiveThreshold()
        && clock.instant().isBefore(known.last.plus(rules.effectiveDuration()));
  }

  /** Counts a failure; those before are forgotten after a while without any. */
  void count(MountEntry mount, String name) {
    if (name.length() > MAX_NAME_LENGTH || rules(mount).disabled()) {
      return;
    }
    Instant now = clock.instant();
    failures
        .asMap()
        .merge(
            new Name(mount.accessor(), name),
            new Failures(1, now),
            (before, first) -> now.isAfter(before.last.plus(rules(mount).effectiveCounterReset()))
                ? first
                : new Failures(before.count + 1, now));
  }

  /** Forgets what was counted for a name, which unlocks it. */
  public void forget(String mountAccessor, String name) {
    failures.invalidate(new Name(mountAccessor, name));
  }

  /** Returns the names that are locked at a mount, sorted. */
  public List<String> lockedAt(MountEntry mount) {
    Lockout rules = rules(mount);
    return failures.asMap().entrySet().stream()
        .filter(entry -> entry.getKey().mountAccessor.equals(mount.accessor()))
        .filter(entry -> isLocked(rules, entry.getValue()))
        .map(entry -> entry.getKey().text)
        .sorted()
        .toList();
  }

  private static Lockout rules(MountEntry mount) {
    return mount.settings().auth().lockout().orElse(Lockout.UNSET);
  }
}
