package dev.strongroom.junit;

import dev.strongroom.Vault;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;

/** A vault at a port. Its own class, so that {@code vault-http} is needed by those who use it. */
final class ServedVault implements AutoCloseable {
  private final VaultHttpServer server;

  private ServedVault(VaultHttpServer server) {
    this.server = server;
  }

  static ServedVault start(Vault vault, InstantSource clock) {
    VaultHttpHandler handler = VaultHttpHandler.of(vault, HttpOptions.DEFAULT.withClock(clock));
    try {
      return new ServedVault(VaultHttpServer.start(
          handler, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    } catch (IOException e) {
      throw new UncheckedIOException("no port on the loopback address", e);
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.address().getPort());
  }

  @Override
  public void close() {
    server.close();
  }
}
