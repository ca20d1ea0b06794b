package dev.strongroom;

import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Looks after the vault's keys, with the rights of a session; rotating needs sudo. All methods
 * block and throw {@link VaultException}: {@code PERMISSION_DENIED}, {@code INVALID_REQUEST},
 * {@code SEALED}. Thread-safe.
 */
public final class KeyCeremonies {
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
}
