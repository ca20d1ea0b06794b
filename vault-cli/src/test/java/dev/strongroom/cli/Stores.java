package dev.strongroom.cli;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.request.Request;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A store in a file that no vault has open, and what opens it.
 *
 * @param shares base64
 */
record Stores(Path file, List<String> shares, String rootToken, Optional<Path> sealKey) {

  /** Makes a store of three shares, two of which are needed. */
  static Stores sealedByShares(Path file) {
    return make(file, Optional.empty());
  }

  /** Makes a store that a key beside it opens; of its two recovery shares both are needed. */
  static Stores sealedByKey(Path file) throws IOException {
    Path key = Files.writeString(file.resolveSibling("seal.key"), "5a".repeat(32));
    return make(file, Optional.of(key));
  }

  private static Stores make(Path file, Optional<Path> sealKey) {
    VaultBuilder builder = Vault.builder().storage(SqliteStorage.at(file));
    sealKey.map(StaticKeySeal::fromFile).ifPresent(builder::seal);
    try (Vault vault = builder.open();
        InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
      return new Stores(
          file,
          keys.shares().stream().map(KeyShare::exposeBase64).toList(),
          keys.rootToken().exposeText(),
          sealKey);
    }
  }

  /** Returns the first shares, one a line. */
  String lines(int count) {
    return String.join("\n", shares.subList(0, count));
  }

  Vault open(Path store) {
    Vault vault = Vault.builder().storage(SqliteStorage.at(store)).open();
    shares.subList(0, 2).forEach(share -> vault.unseal(KeyShare.parse(share)));
    return vault;
  }

  /** Returns whether a store holds this vault. */
  boolean isIn(Path store) {
    try (Vault vault = open(store)) {
      return !vault
          .session(ClientToken.parse(rootToken))
          .request(Request.read("sys/mounts"))
          .isFailure();
    }
  }
}
