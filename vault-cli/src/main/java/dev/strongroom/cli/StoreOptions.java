package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A store that no vault has open, and its seal. */
final class StoreOptions {
  @Option(
      names = "--store",
      required = true,
      paramLabel = "FILE",
      description = "SQLite file of the store; no vault may have it open.")
  private Path file = Path.of("");

  @Mixin
  private SealOptions seal = new SealOptions();

  Path file() {
    return file;
  }

  SealOptions seal() {
    return seal;
  }

  StorageType forWriting() {
    return SqliteStorage.at(file);
  }

  /** Opens the store for reading. */
  ClosedStore open() {
    return ClosedStore.open(SqliteStorage.at(file).forReading(), seal.seal());
  }
}
