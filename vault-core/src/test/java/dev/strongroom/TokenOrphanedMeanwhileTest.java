package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a token that was ended alone goes while its children are looked at. */
class TokenOrphanedMeanwhileTest {

  /** Time that runs what is due when a token is held against the clock for the n-th time. */
  private static final class InterruptingTime implements TimeSource {
    private final VirtualTime passing = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    private int untilInterruption;

    void runWhatIsDue() {
      passing.advance(Duration.ZERO);
    }

    void interruptAt(int look) {
      untilInterruption = look;
    }

    @Override
    public Instant instant() {
      if (untilInterruption > 0 && isForToken() && --untilInterruption == 0) {
        passing.advance(Duration.ZERO);
      }
      return passing.instant();
    }

    /** Between the reads of a token and of its parent; a commit that reads the time must go on. */
    private static boolean isForToken() {
      return StackWalker.getInstance()
          .walk(frames -> frames.skip(2).limit(3).anyMatch(frame -> frame
              .getClassName()
              .endsWith("TokenStore")));
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

  @ParameterizedTest(name = "at look {0} at the clock")
  @ValueSource(ints = {1, 2, 3, 4})
  void child_whileItsEndedParentIsErased_isValid(int look) {
    InterruptingTime time = new InterruptingTime();
    try (Vault vault =
            Vault.builder().storage(InMemoryStorage.create()).time(time).open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      time.runWhatIsDue(); // the work that follows an unseal must not fall into a request
      Session root = vault.session(keys.rootToken());
      Session parent = vault.session(newToken(root, "root"));
      ClientToken child = newToken(parent, "default");
      Request lookup = Request.write("auth/token/lookup", Map.of("token", child.exposeText()));

      revokeAlone(root, parent);
      time.interruptAt(look);
      assertThat(root.request(lookup).isFailure()).isFalse();

      Session other = vault.session(newToken(root, "root"));
      ClientToken grandchild = newToken(vault.session(newToken(other, "root")), "default");
      revokeAlone(root, other);
      time.interruptAt(look);
      assertThat(vault
              .session(grandchild)
              .request(Request.read("auth/token/lookup-self"))
              .isFailure())
          .isFalse();
    }
  }

  private static ClientToken newToken(Session creator, String policy) {
    return Tokens.of(creator).create(TokenRequest.of(policy)).token().orElseThrow();
  }

  private static void revokeAlone(Session root, Session token) {
    String text = token
        .request(Request.read("auth/token/lookup-self"))
        .dataOrEmpty()
        .text("id")
        .orElseThrow();
    root.request(Request.write("auth/token/revoke-orphan", Map.of("token", text)))
        .orThrow();
  }
}
