package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.request.Request;
import java.util.Map;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.auth("userpass", UserPass.method()))) {
      vault.root().request(Request.write("auth/userpass/users/ann", Map.of("password", "s3cret"))).orThrow();
      try (Session ann = vault.vault().login(UserPass.login("userpass", "ann", "s3cret".toCharArray()))) {
        Tokens.of(ann).lookupSelf();
      }
    }
  }
}
