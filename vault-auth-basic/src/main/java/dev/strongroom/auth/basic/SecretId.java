package dev.strongroom.auth.basic;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A secret id as it is stored, under its hash: everything but the secret id itself. Immutable.
 *
 * @param accessor names it without being one
 * @param usesLeft 0 for any number
 * @param ttl as it was asked for; zero: without end
 * @param cidrs where logins with it must come from; none: from anywhere
 * @param tokenCidrs where requests of the tokens must come from, instead of the role's
 */
record SecretId(
    String accessor,
    int usesLeft,
    Duration ttl,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> expiresAt,
    Map<String, String> metadata,
    List<Cidr> cidrs,
    List<Cidr> tokenCidrs) {
  static final RecordCodec<SecretId> CODEC = RecordCodec.of(1, SecretId::write, SecretId::read);

  private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  SecretId {
    metadata = Map.copyOf(metadata);
    cidrs = List.copyOf(cidrs);
    tokenCidrs = List.copyOf(tokenCidrs);
  }

  boolean isExpired(Instant now) {
    return expiresAt.filter(at -> !now.isBefore(at)).isPresent();
  }

  /** Returns this secret id after a login. */
  SecretId used(Instant now) {
    return new SecretId(
        accessor, usesLeft - 1, ttl, createdAt, now, expiresAt, metadata, cidrs, tokenCidrs);
  }

  Response describe() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("secret_id_accessor", accessor);
    members.put("secret_id_num_uses", usesLeft);
    members.put("secret_id_ttl", ttl.toSeconds());
    members.put("creation_time", InstantText.format(createdAt));
    members.put("expiration_time", InstantText.format(expiresAt.orElse(NEVER)));
    members.put("last_updated_time", InstantText.format(updatedAt));
    members.put("metadata", metadata);
    members.put("cidr_list", cidrs.stream().map(Cidr::toString).toList());
    members.put("token_bound_cidrs", tokenCidrs.stream().map(Cidr::toString).toList());
    return Response.of(Payload.of(members));
  }

  private void write(RecordWriter out) {
    out.text(accessor).i32(usesLeft).i64(ttl.toSeconds()).instant(createdAt).instant(updatedAt);
    out.optional(expiresAt, RecordWriter::instant).texts(metadata);
    out.all(cidrs, (o, block) -> o.text(block.toString()));
    out.all(tokenCidrs, (o, block) -> o.text(block.toString()));
  }

  private static SecretId read(RecordReader in) {
    return new SecretId(
        in.text(),
        in.i32(),
        Duration.ofSeconds(in.i64()),
        in.instant(),
        in.instant(),
        in.optional(RecordReader::instant),
        in.texts(),
        in.all(Role::block),
        in.all(Role::block));
  }
}
