package dev.strongroom;

import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Looks after the vault's keys, with the rights of a session; all but reading status and rules need
 * sudo. Holders of key shares who sit in different places each open a session: one begins, the
 * others join what is under way. All methods block and throw {@link VaultException}:
 * {@code PERMISSION_DENIED}, {@code INVALID_REQUEST}, {@code SEALED}. Thread-safe.
 */
public final class KeyCeremonies {
  private static final String ROOT = "sys/rotate/root/";
  private static final String RECOVERY = "sys/rotate/recovery/";

  private final Session session;

  private KeyCeremonies(Session session) {
    this.session = session;
  }

  public static KeyCeremonies of(Session session) {
    return new KeyCeremonies(session);
  }

  /**
   * The data key in use.
   *
   * @param term its number, 1 first
   * @param encryptions what it has encrypted so far
   */
  public record KeyStatus(int term, Instant installedAt, long encryptions) {}

  /**
   * When the data key rotates by itself.
   *
   * @param maxOperations encryptions after which it does, 1,000,000 to 2^31; default 2^31
   * @param interval age at which it does, in whole seconds, at least 24 hours; zero, the default:
   *     never
   */
  public record RotationRules(boolean enabled, long maxOperations, Duration interval) {
    public RotationRules {
      if (maxOperations < KeyRotation.MIN_OPERATIONS
          || maxOperations > KeyRotation.MAX_OPERATIONS) {
        throw new IllegalArgumentException("need " + KeyRotation.MIN_OPERATIONS
            + " <= maxOperations <= " + KeyRotation.MAX_OPERATIONS + ", but got " + maxOperations);
      }
      DurationText.requireWholeSeconds(interval);
      if (!interval.isZero() && interval.compareTo(KeyRotation.MIN_INTERVAL) < 0) {
        throw new IllegalArgumentException("need an interval of zero, or "
            + DurationText.format(KeyRotation.MIN_INTERVAL) + " or more, but got "
            + DurationText.format(interval));
      }
    }
  }

  public KeyStatus keyStatus() {
    Payload data =
        session.request(Request.read("sys/key-status")).orThrow().data().orElseThrow();
    return new KeyStatus(
        data.number("term").orElseThrow().intValue(),
        InstantText.parse(data.text("install_time").orElseThrow()),
        data.number("encryptions").orElseThrow().longValue());
  }

  /**
   * Encrypts everything from now on with a new data key. What earlier keys encrypted stays readable
   * and is not rewritten.
   */
  public void rotate() {
    session.request(Request.write("sys/rotate", Map.of())).orThrow();
  }

  public RotationRules rotationRules() {
    Payload data =
        session.request(Request.read("sys/rotate/config")).orThrow().data().orElseThrow();
    return new RotationRules(
        data.flag("enabled").orElseThrow(),
        data.number("max_operations").orElseThrow().longValue(),
        DurationText.parse(data.text("interval").orElseThrow()));
  }

  public void setRotationRules(RotationRules rules) {
    session
        .request(Request.write(
            "sys/rotate/config",
            Map.of(
                "enabled", rules.enabled(),
                "max_operations", rules.maxOperations(),
                "interval", rules.interval().toSeconds())))
        .orThrow();
  }

  /**
   * Puts a new root key in force and leaves the key shares as they are. Only an automatic seal can
   * do that: otherwise nobody but the shares knows the unseal key, and {@link #rekey} changes both.
   */
  public void rotateRootKey() {
    session.request(Request.write("sys/rotate/root", Map.of())).orThrow();
  }

  /**
   * Begins to replace the unseal shares, and the root key with them. One at a time.
   *
   * @param shares how many there are to be
   */
  public Rekey rekey(KeyShares shares) {
    return SessionRekey.begin(session, ROOT, shares);
  }

  /** Returns the change of unseal shares that is under way, to take part in it. */
  public Optional<Rekey> currentRekey() {
    return SessionRekey.underWay(session, ROOT);
  }

  /**
   * As {@link #rekey}, for the recovery shares of a vault with an automatic seal. The root key
   * stays as it is.
   */
  public Rekey rekeyRecovery(KeyShares shares) {
    return SessionRekey.begin(session, RECOVERY, shares);
  }

  /** Returns the change of recovery shares that is under way, to take part in it. */
  public Optional<Rekey> currentRecoveryRekey() {
    return SessionRekey.underWay(session, RECOVERY);
  }

  /** Begins to make a root token with key shares. One at a time. */
  public RootGeneration generateRoot() {
    return SessionRootGeneration.begin(session);
  }

  /** Returns the nonce of the generation of a root token that is under way. */
  public Optional<String> currentRootGeneration() {
    return SessionRootGeneration.underWay(session);
  }

  /**
   * Gives a key share to a generation of a root token that somebody else has begun.
   *
   * @param nonce which one, see {@link #currentRootGeneration}
   * @return the token under a one-time pad, once, when enough shares were given: for whoever began,
   *     see {@link RootGeneration#decode}
   */
  public Optional<String> giveForRootToken(String nonce, KeyShare share) {
    return SessionRootGeneration.give(session, nonce, share);
  }
}
