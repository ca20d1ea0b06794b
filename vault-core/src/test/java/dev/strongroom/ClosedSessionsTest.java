package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Request;
import java.lang.ref.WeakReference;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session that is closed, but held by somebody, holds nothing secret. */
class ClosedSessionsTest {
  private static final int MOST_COLLECTIONS = 10;

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.auth("in/house", new TrustingMethod()));

  @AfterEach
  void close() {
    vault.close();
  }

  /** A session, and what only it may still know. */
  private record Held(Session session, WeakReference<?> secret) {
    boolean isForgotten() {
      for (int i = 0; i < MOST_COLLECTIONS && secret.get() != null; i++) {
        System.gc();
      }
      return secret.get() == null;
    }
  }

  @Test
  void session_thatIsClosed_letsGoOfItsToken() {
    Held held = session();
    assertThat(held.isForgotten()).as("while it is open").isFalse();

    held.session().close();

    assertThat(held.isForgotten()).isTrue();
  }

  @Test
  void login_thatIsClosed_letsGoOfItsCredential() {
    Held held = login();
    assertThat(held.isForgotten()).as("while it is open").isFalse();

    held.session().close();

    assertThat(held.isForgotten()).isTrue();
  }

  @Test
  void login_thatTheVaultCloses_letsGoOfItsCredential() {
    Held held = login();

    vault.close();

    assertThat(held.isForgotten()).isTrue();
    assertThat(held.session()).isNotNull();
  }

  private Held session() {
    ClientToken token =
        Tokens.of(vault.root()).create(TokenRequest.of("default")).token().orElseThrow();
    return new Held(vault.vault().session(token), new WeakReference<>(token));
  }

  private Held login() {
    char[] password = "s3cret".toCharArray();
    Login login = () ->
        Request.write("auth/in/house/login/ann", Map.of("password", String.valueOf(password)));
    return new Held(vault.vault().login(login), new WeakReference<>(login));
  }
}
