package dev.strongroom.testkit;

import dev.strongroom.spi.StorageType;

class FaultyStorageContractTest extends StorageContract {
  @Override
  protected StorageType newStorage() {
    return FaultyStorage.inMemory();
  }
}
