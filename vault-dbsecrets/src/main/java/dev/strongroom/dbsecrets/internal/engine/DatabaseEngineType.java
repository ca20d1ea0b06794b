package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.SecretEngine;
import java.util.List;

/** The type {@code database}. */
public final class DatabaseEngineType implements EngineType {
  /** The paths and parameters, and the client for them. */
  public static final String API = "a database engine (Database)";

  private final TlsFiles files;
  private final Limits limits;

  public DatabaseEngineType(TlsFiles files, Limits limits) {
    this.files = files;
    this.limits = limits;
  }

  @Override
  public String name() {
    return "database";
  }

  @Override
  public List<String> databasePlugins() {
    return List.of(ConfigPath.PLUGIN);
  }

  @Override
  public SecretEngine create(MountContext context) {
    return new DatabaseEngine(context, files, limits);
  }
}
