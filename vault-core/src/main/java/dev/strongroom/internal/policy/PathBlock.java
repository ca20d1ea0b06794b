package dev.strongroom.internal.policy;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What one block of a policy gives and demands on the paths of one pattern. Immutable.
 *
 * @param line where it begins, from 1
 * @param capabilities none, some, or {@code DENY} alone
 * @param expiresAt from when on the block counts as absent
 */
record PathBlock(
    PathPattern pattern,
    int line,
    Set<Capability> capabilities,
    Constraints constraints,
    Optional<Instant> expiresAt) {
  PathBlock {
    EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(capabilities);
    capabilities = Collections.unmodifiableSet(copy);
  }

  boolean isExpired(Instant now) {
    return expiresAt.filter(at -> !now.isBefore(at)).isPresent();
  }

  /** Returns whether this takes away what less specific blocks give, and gives nothing. */
  boolean closes() {
    return capabilities.isEmpty() || capabilities.contains(Capability.DENY);
  }

  PathBlock endingAt(Instant end) {
    Instant earlier = expiresAt.filter(end::isAfter).orElse(end);
    return new PathBlock(pattern, line, capabilities, constraints, Optional.of(earlier));
  }
}
