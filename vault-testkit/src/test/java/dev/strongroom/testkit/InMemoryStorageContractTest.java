package dev.strongroom.testkit;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.spi.StorageType;

class InMemoryStorageContractTest extends StorageContract {
  @Override
  protected StorageType newStorage() {
    return InMemoryStorage.create();
  }
}
