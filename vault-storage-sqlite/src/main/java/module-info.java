import org.jspecify.annotations.NullMarked;

/**
 * The durable store for a vault in one process: a SQLite file.
 * {@link dev.strongroom.storage.sqlite.SqliteStorage} is given to the builder.
 */
@NullMarked
module dev.strongroom.storage.sqlite {
  requires transitive dev.strongroom;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static transitive org.jspecify;

  exports dev.strongroom.storage.sqlite;
}
