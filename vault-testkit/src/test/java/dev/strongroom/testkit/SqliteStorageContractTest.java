package dev.strongroom.testkit;

import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStorageContractTest extends StorageContract {
  @TempDir
  private Path folder;

  private int files;

  @Override
  protected StorageType newStorage() {
    return SqliteStorage.at(folder.resolve("vault" + files++ + ".db"));
  }
}
