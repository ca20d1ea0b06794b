package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (InMemoryVault vault = Vault.inMemory();
        VaultHttpServer server = VaultHttpServer.start(
            VaultHttpHandler.of(vault.vault(), HttpOptions.DEFAULT),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InputStream health = new URL("http://127.0.0.1:" + server.address().getPort() + "/v1/sys/health").openStream()) {
      health.readAllBytes();
    }
  }
}
