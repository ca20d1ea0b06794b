package dev.strongroom.dbsecrets;

import dev.strongroom.Mount;
import dev.strongroom.dbsecrets.internal.engine.DatabaseEngineType;
import dev.strongroom.dbsecrets.internal.engine.Limits;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.spi.EngineType;
import java.nio.file.Path;

/** The database engine, ready to be mounted: users of PostgreSQL databases. */
public final class DatabaseSecrets {
  private static final EngineType ENGINE = new DatabaseEngineType(TlsFiles.none(), Limits.USUAL);

  private DatabaseSecrets() {}

  /** Returns a mount of it: {@code builder.mount("database", DatabaseSecrets.postgresql())}. */
  public static Mount postgresql() {
    return Mount.of(ENGINE);
  }

  /**
   * Returns a mount of it whose connections may name files of certificates and keys in
   * {@code sslrootcert}, {@code sslcert} and {@code sslkey}, which nothing else lets them.
   *
   * @param tlsFiles folder where, or below which, they lie; relative names are looked for there
   */
  public static Mount postgresql(Path tlsFiles) {
    return Mount.of(engine(tlsFiles));
  }

  /** Returns the engine as {@link #postgresql(Path)} does, for mounting it later. */
  public static EngineType engine(Path tlsFiles) {
    return new DatabaseEngineType(TlsFiles.below(tlsFiles), Limits.USUAL);
  }

  /** Returns the engine, for mounting it later by its name {@code database}. */
  public static EngineType engine() {
    return ENGINE;
  }
}
