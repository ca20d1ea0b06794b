package dev.strongroom.dbsecrets.internal.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** When what failed is tried again: after 10 seconds, then after longer, up to five minutes. */
final class Pauses {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  private record Pause(Duration length, Instant until) {}

  Optional<Instant> until(String name) {
    return Optional.ofNullable(pauses.get(name)).map(Pause::until);
  }

  /** Returns when to try again. */
  Instant failed(String name, Instant now) {
    return pauses
        .compute(name, (n, before) -> {
          Duration length = before == null ? FIRST : before.length.multipliedBy(2);
          length = length.compareTo(LONGEST) < 0 ? length : LONGEST;
          return new Pause(length, now.plus(length));
        })
        .until();
  }

  /** Forgets everything else. */
  void keepOnly(Collection<String> names) {
    pauses.keySet().retainAll(Set.copyOf(names));
  }

  void clear(String name) {
    pauses.remove(name);
  }
}
