package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (InMemoryVault vault = Vault.inMemory()) {
      Tokens.of(vault.root()).lookupSelf();
    }
  }
}
