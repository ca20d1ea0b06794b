package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.util.List;

/** The engine of one mount. */
final class DatabaseEngine implements SecretEngine {

  @Override
  public List<Route> routes() {
    return List.of();
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of();
  }
}
