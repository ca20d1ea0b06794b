package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A user that exists, whose password the vault changes from time to time.
 *
 * @param lastRotation empty until the vault has set a password for the first time
 */
record StaticRole(
    String database,
    String username,
    Duration period,
    List<String> rotation,
    CredentialConfig credentials,
    Optional<Instant> lastRotation) {
  static final RecordKind<StaticRole> KIND =
      RecordKind.tree("static-role", RecordCodec.of(1, StaticRole::write, StaticRole::read));

  /** Under the role: the password that counts, and the one that rotating is about to set. */
  static final RecordKind<byte[]> PASSWORD = RecordKind.secretAttached("static-password");

  private static final String CURRENT = "current";
  private static final String PENDING = "pending";

  StaticRole {
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(username, "username");
    rotation = List.copyOf(rotation);
    Objects.requireNonNull(lastRotation, "lastRotation");
  }

  /** Returns when the password is to be changed next. */
  Instant due() {
    return lastRotation.map(last -> last.plus(period)).orElse(Instant.EPOCH);
  }

  StaticRole rotatedAt(Instant now) {
    return new StaticRole(database, username, period, rotation, credentials, Optional.of(now));
  }

  static Optional<SecretText> current(Storage storage, String role) {
    return password(storage, PASSWORD.at(role, CURRENT));
  }

  static Optional<SecretText> pending(Storage storage, String role) {
    return password(storage, PASSWORD.at(role, PENDING));
  }

  private static Optional<SecretText> password(Storage storage, StorageKey<byte[]> key) {
    return storage.get(key).map(bytes -> {
      try {
        return new SecretText(new String(bytes, StandardCharsets.UTF_8));
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    });
  }

  static void putPending(Storage storage, String role, SecretText password) {
    storage.put(PASSWORD.at(role, PENDING), password.expose().getBytes(StandardCharsets.UTF_8));
  }

  /** The pending password is the one that counts. */
  static void promote(Storage storage, String role, SecretText password) {
    storage.put(PASSWORD.at(role, CURRENT), password.expose().getBytes(StandardCharsets.UTF_8));
    storage.delete(PASSWORD.at(role, PENDING));
  }

  static void remove(Storage storage, String role) {
    storage.delete(KIND.at(role));
    storage.delete(PASSWORD.at(role, CURRENT));
    storage.delete(PASSWORD.at(role, PENDING));
  }

  private void write(RecordWriter out) {
    out.text(database).text(username).i64(period.toSeconds());
    out.all(rotation, RecordWriter::text);
    credentials.write(out);
    out.optional(lastRotation, RecordWriter::instant);
  }

  private static StaticRole read(RecordReader in) {
    return new StaticRole(
        in.text(),
        in.text(),
        Duration.ofSeconds(in.i64()),
        in.all(RecordReader::text),
        CredentialConfig.read(in),
        in.optional(RecordReader::instant));
  }
}
