package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Request;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens of every kind while the clock jumps, and while the vault is sealed. */
class TokenClockTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Request SELF = Request.read("auth/token/lookup-self");

  private final JumpingTime time = new JumpingTime();
  private final Vault vault =
      Vault.builder().storage(InMemoryStorage.create()).time(time).open();
  private final InitialKeys keys = vault.initialize(new KeyShares(1, 1));
  private Tokens root = Tokens.of(vault.session(keys.rootToken()));

  /** A wall clock that can be set, over time that passes. */
  private static final class JumpingTime implements TimeSource {
    private final VirtualTime passing = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    private volatile Duration set = Duration.ZERO;

    @Override
    public Instant instant() {
      return passing.instant().plus(set);
    }

    @Override
    public long nanos() {
      return passing.nanos();
    }

    @Override
    public Task after(Duration delay, Runnable work) {
      return passing.after(delay, work);
    }
  }

  /** Every kind of token that expires, with an hour to live. */
  private enum Kind {
    SERVICE,
    PERIODIC,
    LIMITED,
    ORPHAN,
    BATCH,
    BATCH_ORPHAN,
    OF_ROLE,
    BATCH_OF_ROLE;

    TokenRequest request() {
      TokenRequest plain = TokenRequest.of("default").withTtl(HOUR);
      return switch (this) {
        case SERVICE -> plain;
        case PERIODIC -> TokenRequest.of("default").withPeriod(HOUR);
        case LIMITED -> plain.withNumUses(100);
        case ORPHAN -> plain.asOrphan();
        case BATCH -> plain.asBatch();
        case BATCH_ORPHAN -> plain.asOrphan().asBatch();
        case OF_ROLE -> TokenRequest.of().withRole("periodic");
        case BATCH_OF_ROLE -> TokenRequest.of().withRole("batch").withTtl(HOUR);
      };
    }
  }

  @BeforeEach
  void makeRoles() {
    vault.unseal(keys.shares().get(0));
    root = Tokens.of(vault.session(keys.rootToken()));
    root.putRole("periodic", TokenRole.of("default").withPeriod(HOUR));
    root.putRole(
        "batch", TokenRole.of("default").asOrphan().notRenewable().withType(TokenTypeRule.BATCH));
  }

  @AfterEach
  void close() {
    keys.close();
    vault.close();
  }

  private Session token(Kind kind) {
    return vault.session(root.create(kind.request()).token().orElseThrow());
  }

  private static boolean isValid(Session session) {
    return !session.request(SELF).isFailure();
  }

  @ParameterizedTest
  @EnumSource
  void token_livesItsHourAndNoLonger(Kind kind) {
    Session session = token(kind);
    time.passing.advance(HOUR.minusMillis(1));
    assertThat(isValid(session)).isTrue();
    time.passing.advance(Duration.ofMillis(1));
    assertThat(isValid(session)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void clock_jumpsForward_tokenIsRefusedAtOnce_andStaysRefusedWhenItIsSetBack(Kind kind) {
    Session session = token(kind);
    assertThat(isValid(session)).isTrue();

    time.set = Duration.ofDays(400);
    assertThat(isValid(session)).isFalse();
    time.set = Duration.ZERO;
    assertThat(isValid(session)).isFalse();
    time.passing.advance(HOUR);
    assertThat(isValid(session)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void clock_setBack_tokenLivesNoLonger(Kind kind) {
    time.passing.advance(HOUR.multipliedBy(5));
    Session session = token(kind);

    time.set = HOUR.multipliedBy(-3);
    assertThat(isValid(session)).isTrue();
    // While the clock is behind, the vault's time goes on with the time that passes.
    time.passing.advance(HOUR.minusMillis(1));
    assertThat(isValid(session)).isTrue();
    time.passing.advance(Duration.ofMillis(1));
    assertThat(isValid(session)).isFalse();
    time.passing.advance(HOUR.multipliedBy(3));
    assertThat(isValid(session)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void sealed_aYear_tokenHasExpired(Kind kind) {
    Session session = token(kind);
    vault.seal();
    time.passing.advance(Duration.ofDays(365));
    assertThat(session.request(SELF).failure()).contains(ErrorCode.SEALED);
    vault.unseal(keys.shares().get(0));

    assertThat(isValid(session)).isFalse();
    time.passing.advance(Duration.ofMinutes(20));
    assertThat(isValid(session)).isFalse();
    assertThat(root.accessors()).hasSize(1); // the root token's
  }

  @ParameterizedTest
  @EnumSource
  void sealed_lessThanItsHour_tokenLives_toTheSameMoment(Kind kind) {
    Session session = token(kind);
    vault.seal();
    time.passing.advance(HOUR.dividedBy(2));
    vault.unseal(keys.shares().get(0));

    assertThat(isValid(session)).isTrue();
    time.passing.advance(HOUR.dividedBy(2));
    assertThat(isValid(session)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void sealed_clockSetBackMeanwhile_expiredTokenStaysExpired(Kind kind) {
    Session session = token(kind);
    time.passing.advance(HOUR);
    assertThat(isValid(session)).isFalse();
    time.passing.advance(Duration.ofMinutes(2)); // the time is stored each minute
    vault.seal();
    time.set = HOUR.multipliedBy(-2);
    vault.unseal(keys.shares().get(0));

    assertThat(isValid(session)).isFalse();
  }
}
