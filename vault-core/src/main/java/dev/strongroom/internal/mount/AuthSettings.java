package dev.strongroom.internal.mount;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.Optional;

/**
 * What is set for an auth method beside what every mount has.
 *
 * @param tokenType of the tokens that its logins make
 * @param lockout when failed logins lock a name; empty: nothing is set
 */
public record AuthSettings(TokenTypeRule tokenType, Optional<Lockout> lockout) {
  public static final AuthSettings UNSET =
      new AuthSettings(TokenTypeRule.DEFAULT_SERVICE, Optional.empty());

  /**
   * When failed logins lock a name. Defaults are those of OpenBao v2.6.2
   * {@code internalshared/configutil/userlockout.go}.
   *
   * @param threshold failures in a row that lock; 0: 5
   * @param duration of a lock; zero: 15 minutes
   * @param counterReset how long failures are remembered; zero: 15 minutes
   * @param disabled nothing locks
   */
  public record Lockout(int threshold, Duration duration, Duration counterReset, boolean disabled) {
    public static final Lockout UNSET = new Lockout(0, Duration.ZERO, Duration.ZERO, false);

    private static final int DEFAULT_THRESHOLD = 5;
    private static final Duration DEFAULT_TIME = Duration.ofMinutes(15);

    public int effectiveThreshold() {
      return threshold == 0 ? DEFAULT_THRESHOLD : threshold;
    }

    public Duration effectiveDuration() {
      return duration.isZero() ? DEFAULT_TIME : duration;
    }

    public Duration effectiveCounterReset() {
      return counterReset.isZero() ? DEFAULT_TIME : counterReset;
    }

    private void write(RecordWriter out) {
      out.i32(threshold).i64(duration.toSeconds()).i64(counterReset.toSeconds()).flag(disabled);
    }

    private static Lockout read(RecordReader in) {
      return new Lockout(
          in.i32(), Duration.ofSeconds(in.i64()), Duration.ofSeconds(in.i64()), in.flag());
    }
  }

  public AuthSettings withTokenType(TokenTypeRule rule) {
    return new AuthSettings(rule, lockout);
  }

  public AuthSettings withLockout(Lockout rules) {
    return new AuthSettings(tokenType, Optional.of(rules));
  }

  void write(RecordWriter out) {
    out.text(tokenType.text()).optional(lockout, (o, rules) -> rules.write(o));
  }

  static AuthSettings read(RecordReader in) {
    return new AuthSettings(
        TokenTypeRule.named(in.text())
            .orElseThrow(() -> new RecordReader.CorruptRecord("a token type is not known")),
        in.optional(Lockout::read));
  }
}
