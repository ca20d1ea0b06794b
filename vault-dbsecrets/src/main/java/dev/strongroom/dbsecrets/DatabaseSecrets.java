package dev.strongroom.dbsecrets;

import dev.strongroom.Mount;
import dev.strongroom.dbsecrets.internal.engine.DatabaseEngineType;
import dev.strongroom.spi.EngineType;

/** The database engine, ready to be mounted: users of PostgreSQL databases. */
public final class DatabaseSecrets {
  private static final EngineType ENGINE = new DatabaseEngineType();

  private DatabaseSecrets() {}

  /** Returns a mount of it: {@code builder.mount("database", DatabaseSecrets.postgresql())}. */
  public static Mount postgresql() {
    return Mount.of(ENGINE);
  }

  /** Returns the engine, for mounting it later by its name {@code database}. */
  public static EngineType engine() {
    return ENGINE;
  }
}
