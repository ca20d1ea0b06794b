package alone;

import dev.strongroom.junit.TestVault;
import java.util.Map;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (TestVault vault = TestVault.open(builder -> {})) {
      vault.secrets().put("app", Map.of("password", "s3cret"));
    }
  }
}
