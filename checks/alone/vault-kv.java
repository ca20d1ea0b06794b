package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import java.util.Map;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.mount("secret", Kv.version2()))) {
      KvStore store = KvStore.at(vault.root(), "secret");
      store.put("app", Map.of("password", "s3cret"));
      store.get("app").text("password");
    }
  }
}
