package dev.strongroom.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.kv.KvStore;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedVaultTest {
  @RegisterExtension
  static final VaultExtension VAULT = VaultExtension.builder()
      .secret("app", Map.of("password", "canary-by-code"))
      .policy("app", "path \"secret/data/app\" { capabilities = [\"read\"] }")
      .given(vault -> vault.secrets().put("by-code", Map.of("n", 1)))
      .perClass()
      .build();

  private static TestVault before;

  @BeforeAll
  static void seesTheVault(TestVault vault) {
    before = vault;
  }

  @Test
  @Order(1)
  void vault_isTheOneOfTheClass(TestVault vault, KvStore secrets) {
    assertThat(vault).isSameAs(before).isSameAs(VAULT.shared());
    assertThat(secrets.list("")).containsExactly("app", "by-code");
    secrets.put("left", Map.of("a", "b"));
  }

  @Test
  @Order(2)
  void vault_keepsWhatAnEarlierTestWrote(KvStore secrets) {
    assertThat(secrets.get("left").text("a")).isEqualTo("b");
  }

  @Test
  void address_servesTheApi(TestVault vault, @WithPolicies("app") ClientToken token)
      throws IOException {
    HttpURLConnection allowed = get(vault.address(), "secret/data/app", token);
    assertThat(new String(allowed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("canary-by-code");
    assertThat(get(vault.address(), "secret/data/by-code", token).getResponseCode())
        .isEqualTo(403);
  }

  private static HttpURLConnection get(URI address, String path, ClientToken token)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) address.resolve("/v1/" + path).toURL().openConnection();
    connection.setRequestProperty("X-Vault-Token", token.exposeText());
    return connection;
  }

  @Nested
  class InANestedClass {
    @Test
    void vault_isTheOneOfTheClassAround(TestVault vault) {
      assertThat(vault).isSameAs(before);
    }
  }

  @Test
  void shared_withoutAClassThatUsesIt_saysSo() {
    assertThatThrownBy(() -> VaultExtension.builder().perClass().build().shared())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no shared vault");
  }
}
