package dev.strongroom.clients;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.Vault;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.http.VaultHttpServer;
import dev.strongroom.kv.Kv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A vault in memory that nobody has initialised, behind the HTTP API, with everything switched on
 * that a client may ask for.
 */
final class ServedVault implements AutoCloseable {
  private final Vault vault;
  private final VaultHttpServer server;
  private final Path auditFolder;

  private ServedVault(Vault vault, VaultHttpServer server, Path auditFolder) {
    this.vault = vault;
    this.server = server;
    this.auditFolder = auditFolder;
  }

  static ServedVault start() {
    try {
      Path auditFolder = Files.createTempDirectory(
          Files.createDirectories(Path.of("target", "audit").toAbsolutePath()), "of-a-vault-");
      Vault vault = Vault.builder()
          .storage(InMemoryStorage.create())
          .engine(Kv.engine())
          .engine(new LeasedEngine())
          .authMethod(UserPass.method())
          .authMethod(AppRole.method())
          .auditOverApi(auditFolder)
          .allowCeremoniesWithoutToken()
          .allowGuessableTokenIds()
          .open();
      VaultHttpServer server = VaultHttpServer.start(
          VaultHttpHandler.of(vault, HttpOptions.DEFAULT),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new ServedVault(vault, server, auditFolder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Vault vault() {
    return vault;
  }

  String host() {
    return server.address().getHostString();
  }

  int port() {
    return server.address().getPort();
  }

  String address() {
    return "http://" + host() + ":" + port();
  }

  /** Returns where audit devices may write. */
  Path auditFolder() {
    return auditFolder;
  }

  @Override
  public void close() {
    server.close();
    vault.close();
  }
}
