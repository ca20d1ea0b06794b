package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.SecretEngine;

/** The type {@code database}. */
public final class DatabaseEngineType implements EngineType {

  @Override
  public String name() {
    return "database";
  }

  @Override
  public SecretEngine create(MountContext context) {
    return new DatabaseEngine(context);
  }
}
