package dev.strongroom.junit;

import static org.assertj.core.api.Assertions.fail;

import dev.strongroom.VirtualTime;
import dev.strongroom.kv.KvStore;
import java.util.Map;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that fail, each for its reason; {@link JupiterVersionsTest} runs them and looks. */
final class BadUses {
  private static final Logger LOG = Logger.getLogger("com.example.app");

  private BadUses() {}

  static final class LogsASeededSecret {
    @RegisterExtension
    final VaultExtension vault = VaultExtension.builder()
        .secret("app", Map.of("nested", Map.of("password", "canary-of-the-seed")))
        .build();

    @Test
    void leaks(KvStore secrets) {
      LOG.info("connecting with " + secrets.get("app").toMap());
    }
  }

  @VaultTest
  static final class LogsAnOldVersion {
    @Test
    void leaks(TestVault vault) {
      vault.secrets().put("app", Map.of("password", "canary-of-version-1"));
      vault.secrets().put("app", Map.of("password", "canary-of-version-2"));
      LOG.warning("the password was canary-of-version-1");
      vault.seal();
    }
  }

  @VaultTest
  static final class WantsAVaultTooEarly {
    @BeforeAll
    static void early(TestVault vault) {
      fail("there is none yet: " + vault);
    }

    @Test
    void never() {}
  }

  @VaultTest
  static final class LimitsWhatHasNoPolicies {
    @Test
    void wrong(@WithPolicies("app") VirtualTime time) {
      fail("not possible: " + time);
    }
  }

  @VaultTest(secrets = "nowhere.json")
  static final class NamesNoResource {
    @Test
    void never() {}
  }
}
