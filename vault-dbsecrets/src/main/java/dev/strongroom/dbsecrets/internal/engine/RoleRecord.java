package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How users are made, changed and dropped.
 *
 * @param database name of the configuration; there need not be one
 * @param rollback kept and shown, and never run, as in the reference
 * @param defaultTtl zero: that of the mount
 * @param maxTtl zero: that of the mount
 * @param sessionGrace how long sessions of a user live on when it is revoked; empty: as long as
 *     they like
 */
record RoleRecord(
    String database,
    List<String> creation,
    List<String> revocation,
    List<String> renew,
    List<String> rollback,
    Duration defaultTtl,
    Duration maxTtl,
    CredentialConfig credentials,
    Optional<Duration> sessionGrace) {
  static final RecordKind<RoleRecord> KIND =
      RecordKind.tree("role", RecordCodec.of(1, RoleRecord::write, RoleRecord::read));

  RoleRecord {
    Objects.requireNonNull(database, "database");
    creation = List.copyOf(creation);
    revocation = List.copyOf(revocation);
    renew = List.copyOf(renew);
    rollback = List.copyOf(rollback);
    Objects.requireNonNull(sessionGrace, "sessionGrace");
  }

  private void write(RecordWriter out) {
    out.text(database);
    for (List<String> statements : List.of(creation, revocation, renew, rollback)) {
      out.all(statements, RecordWriter::text);
    }
    out.i64(defaultTtl.toSeconds()).i64(maxTtl.toSeconds());
    credentials.write(out);
    out.optional(sessionGrace, (to, grace) -> to.i64(grace.toSeconds()));
  }

  private static RoleRecord read(RecordReader in) {
    return new RoleRecord(
        in.text(),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        in.all(RecordReader::text),
        Duration.ofSeconds(in.i64()),
        Duration.ofSeconds(in.i64()),
        CredentialConfig.read(in),
        in.optional(from -> Duration.ofSeconds(from.i64())));
  }
}
