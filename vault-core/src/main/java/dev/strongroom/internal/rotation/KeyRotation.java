package dev.strongroom.internal.rotation;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.seal.HeldKeys;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Puts new data keys into use: by hand, after a number of encryptions, after a time. Nothing is
 * encrypted anew; what an earlier term encrypted stays readable. Thread-safe.
 */
public final class KeyRotation {
  /**
   * NIST SP 800-38D allows 2^32 encryptions with random nonces under one key. A term rotates at
   * half of that, and every mount has a key of its own in each term besides.
   */
  public static final long MAX_OPERATIONS = 1L << 31;

  public static final long MIN_OPERATIONS = 1_000_000;

  /** Shortest interval, as in OpenBao v2.6.2 {@code vault/rotate.go}; zero means never. */
  public static final Duration MIN_INTERVAL = Duration.ofHours(24);

  private static final String JOB = "key rotation";
  private static final StorageKey<Config> CONFIG = RecordKind.attached(
          "rotation", RecordCodec.of(1, Config::write, Config::read))
      .at("", "config");

  private final Transactions transactions;
  private final Barrier barrier;
  private final Background background;
  private final SecureRandom random;
  private final HeldKeys keys;

  // The limit of the configuration, at hand for the look at every group of commits.
  private volatile long maxOperations = Config.DEFAULT.maxOperations();

  /**
   * When to rotate without being asked.
   *
   * @param interval zero: not by age
   */
  public record Config(boolean enabled, long maxOperations, Duration interval) {
    public static final Config DEFAULT = new Config(true, MAX_OPERATIONS, Duration.ZERO);

    private void write(RecordWriter out) {
      out.flag(enabled).i64(maxOperations).i64(interval.toSeconds());
    }

    private static Config read(RecordReader in) {
      return new Config(in.flag(), in.i64(), Duration.ofSeconds(in.i64()));
    }
  }

  public KeyRotation(
      Transactions transactions,
      Barrier barrier,
      HeldKeys keys,
      Background background,
      SecureRandom random) {
    this.transactions = transactions;
    this.barrier = barrier;
    this.keys = keys;
    this.background = background;
    this.random = random;
  }

  /** Begins to watch age and count. */
  public void watch() {
    transactions.afterEachGroup(this::watchCount);
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  public Config config(Transaction tx) {
    return tx.in(transactions.system()).get(CONFIG).orElse(Config.DEFAULT);
  }

  /** Stores when to rotate; it counts at once. */
  public void configure(Transaction tx, Config config) {
    tx.in(transactions.system()).put(CONFIG, config);
    tx.afterCommit(revision -> background.schedule(JOB, Duration.ZERO, this::step));
  }

  public Keyring.Term activeTerm() {
    return barrier.keyring().activeTerm();
  }

  /** Returns how many encryptions the active term has seen. */
  public long encryptions() {
    return transactions.encryptions(activeTerm().number());
  }

  /** Adds a term, which encrypts as soon as the keyring is durable. */
  public void rotate(Transaction tx) {
    keys.change(tx, keyring -> keyring.rotated(transactions.clock().instant(), random));
    tx.afterCommit(revision -> background.schedule(JOB, Duration.ZERO, this::step));
  }

  /** The limit may be reached within minutes, so it is looked at with every group of commits. */
  private void watchCount() {
    if (encryptions() >= maxOperations) {
      background.schedule(JOB, Duration.ZERO, this::step);
    }
  }

  private Optional<Duration> step() {
    Config config = config(transactions.beginReadOnly());
    maxOperations = config.enabled() ? config.maxOperations() : Long.MAX_VALUE;
    if (!config.enabled()) {
      return Optional.empty();
    }
    Instant now = transactions.clock().instant();
    Instant byAge = activeTerm().installedAt().plus(config.interval());
    boolean old = !config.interval().isZero() && !now.isBefore(byAge);
    if (old || encryptions() >= config.maxOperations()) {
      transactions.change(this::rotate);
      return Optional.empty(); // following the new term schedules the next step
    }
    return config.interval().isZero()
        ? Optional.empty()
        : Optional.of(Duration.between(now, byAge));
  }
}
