package dev.strongroom.internal.seal;

import dev.strongroom.ErrorCode;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.internal.random.RandomText;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was given towards unsealing: the shares of all together, and beside them those of each
 * giver. Enough shares of one giver count without those of others, so that nobody is kept from
 * unsealing by a stranger who gives wrong ones or gives up what others have begun. For one thread
 * at a time.
 */
final class UnsealAttempts {
  /** Beyond it, who gave nothing for longest is forgotten. */
  static final int MOST_GIVERS = 1_000;

  static final int MOST_GIVEN_UP = 5;
  static final Duration GIVEN_UP_WITHIN = Duration.ofMinutes(10);

  private final TimeSource time;
  private final RandomText random;
  private final Runnable whenDisturbed;
  private final UnsealProgress together;
  private final Set<Giver> takingPart = new HashSet<>();
  private final Map<Giver, Own> givers = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Giver, Own> eldest) {
      boolean tooMany = size() > MOST_GIVERS;
      if (tooMany) {
        eldest.getValue().attempt.reset();
      }
      return tooMany;
    }
  };

  /** What one giver has given, and how often it has given up what others take part in. */
  private static final class Own {
    private final UnsealProgress attempt;
    private int givenUp;
    private long sinceNanos;

    Own(UnsealProgress attempt) {
      this.attempt = attempt;
    }
  }

  /**
   * Begins without shares.
   *
   * @param whenDisturbed told whenever an attempt of several givers ends in vain
   */
  UnsealAttempts(TimeSource time, RandomText random, Runnable whenDisturbed) {
    this.time = time;
    this.random = random;
    this.whenDisturbed = whenDisturbed;
    this.together = new UnsealProgress(time, random);
  }

  /** Returns the attempt of all. */
  UnsealProgress together() {
    return together;
  }

  /** Adds a share, which is copied; one that was given before changes nothing. */
  void add(Giver giver, byte[] share) {
    givers.values().forEach(own -> own.attempt.forgetIfOld());
    if (together.nonce().isEmpty()) {
      takingPart.clear();
    }
    if (together.add(share)) {
      takingPart.add(giver);
    }
    boolean unused = own(giver).attempt.add(share);
  }

  /** Returns the attempts that the last share of a giver may have completed. */
  List<UnsealProgress> of(Giver giver) {
    return isAllOf(giver) ? List.of(together) : List.of(own(giver).attempt, together);
  }

  /** Notes that the shares of an attempt of {@link #of} are wrong: they are forgotten. */
  void failed(UnsealProgress attempt, Giver giver) {
    if (attempt == together) {
      if (isAllOf(giver)) {
        own(giver).attempt.reset();
      } else if (hasOthersThan(giver)) {
        whenDisturbed.run();
      }
    }
    attempt.reset();
  }

  /**
   * Gives up what a giver has given, and with it the attempt of all.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} if others take part in that, and this
   *     giver has given up {@link #MOST_GIVEN_UP} of such within {@link #GIVEN_UP_WITHIN}
   */
  void giveUp(Giver giver) {
    Own own = own(giver);
    own.attempt.reset();
    if (hasOthersThan(giver)) {
      requireRarely(own);
      whenDisturbed.run();
    }
    together.reset();
  }

  private void requireRarely(Own own) {
    if (own.givenUp == 0 || time.nanos() - own.sinceNanos > GIVEN_UP_WITHIN.toNanos()) {
      own.givenUp = 0;
      own.sinceNanos = time.nanos();
    }
    if (own.givenUp >= MOST_GIVEN_UP) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED,
          "others have given key shares too, and attempts of others were given up " + MOST_GIVEN_UP
              + " times from this address within " + GIVEN_UP_WITHIN.toMinutes()
              + " minutes: wait, or give all key shares needed from one address, where they count without those of others");
    }
    own.givenUp++;
  }

  /** Forgets everything. */
  void reset() {
    together.reset();
    givers.values().forEach(own -> own.attempt.reset());
    givers.clear();
  }

  private Own own(Giver giver) {
    Own own = givers.get(giver);
    if (own == null) {
      own = new Own(new UnsealProgress(time, random));
      givers.put(giver, own);
    }
    return own;
  }

  private boolean isAllOf(Giver giver) {
    return !hasOthersThan(giver)
        && own(giver).attempt.given().count() == together.given().count();
  }

  private boolean hasOthersThan(Giver giver) {
    return together.nonce().isPresent()
        && takingPart.stream().anyMatch(other -> !other.equals(giver));
  }
}
