package dev.strongroom.internal.ceremony;

import dev.strongroom.ClientToken;
import dev.strongroom.TimeSource;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.internal.seal.HeldKeys;
import dev.strongroom.internal.store.Transaction;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The ceremonies of an unsealed vault; at most one of each kind is under way. Thread-safe. */
public final class Ceremonies implements AutoCloseable {
  /** After that time a ceremony that nobody ends is given up, and what it holds is wiped. */
  static final Duration LIFETIME = Duration.ofHours(24);

  private static final String JOB = "end of key ceremonies";

  private final HeldKeys keys;
  private final RekeyCeremony barrier;
  private final RekeyCeremony recovery;
  private final RootTokenCeremony rootToken;

  /**
   * Begins with none under way.
   *
   * @param rootTokens makes a root token
   */
  public Ceremonies(
      HeldKeys keys,
      TimeSource time,
      Background background,
      SecureRandom random,
      Function<Transaction, ClientToken> rootTokens) {
    RandomText texts = new RandomText(random);
    Runnable whenBegun = () -> background.schedule(JOB, LIFETIME, this::endOld);
    this.keys = keys;
    this.barrier = new RekeyCeremony(
        keys, /* recovery= */ false, new Deadline(time, LIFETIME, whenBegun), texts);
    this.recovery = new RekeyCeremony(
        keys, /* recovery= */ true, new Deadline(time, LIFETIME, whenBegun), texts);
    this.rootToken =
        new RootTokenCeremony(keys, rootTokens, new Deadline(time, LIFETIME, whenBegun), texts);
  }

  /** Returns the change of the unseal key and the root key. */
  public RekeyCeremony barrier() {
    return barrier;
  }

  /** Returns the change of the recovery key, which vaults with an automatic seal have. */
  public RekeyCeremony recovery() {
    return recovery;
  }

  /** Returns the change of the shares that this vault has. */
  public RekeyCeremony ofItsShares() {
    return keys.isAutomatic() ? recovery : barrier;
  }

  public RootTokenCeremony rootToken() {
    return rootToken;
  }

  /** As {@link HeldKeys#replaceRootKey}, asked for by a caller with a token. */
  public void replaceRootKey(Transaction tx) {
    keys.replaceRootKey(tx, /* confirm= */ false);
  }

  /** A second look ends what was begun while a first one was already planned. */
  private Optional<Duration> endOld() {
    boolean underWay = barrier.endIfOld();
    underWay |= recovery.endIfOld();
    underWay |= rootToken.endIfOld();
    return underWay ? Optional.of(LIFETIME) : Optional.empty();
  }

  /** Gives up what is under way and wipes it. */
  @Override
  public void close() {
    barrier.end();
    recovery.end();
    rootToken.end();
  }
}
