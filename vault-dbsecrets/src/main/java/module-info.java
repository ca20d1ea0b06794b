import org.jspecify.annotations.NullMarked;

/** PostgreSQL users that live as long as their lease, and pools that follow them. */
@NullMarked
@SuppressWarnings("requires-automatic") // the PostgreSQL driver has no module description
module dev.strongroom.dbsecrets {
  requires transitive dev.strongroom;
  requires transitive java.sql;
  requires com.zaxxer.hikari;
  requires org.postgresql.jdbc;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.strongroom.dbsecrets;
}
