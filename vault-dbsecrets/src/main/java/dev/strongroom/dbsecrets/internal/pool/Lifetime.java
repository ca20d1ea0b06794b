package dev.strongroom.dbsecrets.internal.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a credential is good for, and when something is to be done about it.
 *
 * @param rest how long it is good for from now
 * @param whole what a lease was granted at first; a renewal that gives less has come to its end
 * @param renewable whether it may be made longer
 * @param changes whether it is replaced at its end by the vault itself
 */
public record Lifetime(Duration rest, Duration whole, boolean renewable, boolean changes) {
  /** Vault, network and clocks may be that much slower than one thinks. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(100);
  private static final Duration AFTER_CHANGE = Duration.ofSeconds(1);
  private static final Duration LONGEST_SCATTER = Duration.ofSeconds(5);

  /** A user that ends when its lease does. */
  public static Lifetime ofLease(Duration granted, boolean renewable) {
    return new Lifetime(granted, granted, renewable, /* changes= */ false);
  }

  /** A user that stays and gets another password at that moment. */
  public static Lifetime untilChange(Duration rest) {
    return new Lifetime(rest, rest, /* renewable= */ false, /* changes= */ true);
  }

  /** Returns this after a renewal. */
  public Lifetime renewed(Duration granted, boolean again) {
    boolean cut = granted.compareTo(whole.minus(whole.dividedBy(10))) < 0;
    return new Lifetime(granted, whole, again && !cut, /* changes= */ false);
  }

  /** Returns this, if nothing makes it longer. */
  Lifetime ending() {
    return new Lifetime(rest, whole, /* renewable= */ false, changes);
  }

  /**
   * Returns how long to wait before it is renewed or replaced. What ends is replaced so early that
   * connections have {@code drainLimit} to come back, or two thirds of its life if that is shorter;
   * at the latest in its last third. The same moment does for a renewal: if it cannot be had, there
   * is still time to replace.
   *
   * @param scatter 0 to 1: who begins at the same time does not go on at the same time
   */
  Duration untilAction(Duration drainLimit, double scatter) {
    if (changes) {
      Duration most = least(whole.dividedBy(10), LONGEST_SCATTER);
      return rest.plus(AFTER_CHANGE).plus(part(most, scatter));
    }
    Duration wait = rest.minus(margin(drainLimit)).minus(part(whole.dividedBy(10), scatter));
    return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
  }

  private Duration margin(Duration drainLimit) {
    Duration third = whole.dividedBy(3);
    Duration drain = least(drainLimit.plus(SLACK), third.multipliedBy(2));
    return drain.compareTo(third) < 0 ? third : drain;
  }

  /**
   * Returns how long connections of a replaced user may take: the limit, but not longer than the
   * user can do anything. Empty: as long as they like.
   */
  Optional<Duration> drain(Duration left, Duration limit) {
    if (changes) {
      return Optional.empty();
    }
    Duration most = left.minus(least(whole.dividedBy(10), SLACK));
    return Optional.of(most.isNegative() ? Duration.ZERO : least(limit, most));
  }

  private static Duration least(Duration first, Duration second) {
    return first.compareTo(second) < 0 ? first : second;
  }

  private static Duration part(Duration whole, double part) {
    return Duration.ofNanos((long) (whole.toNanos() * part));
  }
}
