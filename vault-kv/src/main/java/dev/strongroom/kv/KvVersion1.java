package dev.strongroom.kv;

import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The engine of a version 1 mount: a secret is what was written last. Behaviour: OpenBao v2.6.2
 * {@code builtin/logical/kv/passthrough.go}, without its accidents.
 */
final class KvVersion1 implements SecretEngine {
  /** A secret: a JSON object, as text. */
  static final RecordKind<byte[]> ENTRY = RecordKind.secretTree("entry");

  /** The paths and parameters, and the client for them. */
  static final String API = "KV version 1 (Kv1Store)";

  private final Listing listing = new Listing(ENTRY, MetadataPath.MAX_ANSWER);

  @Override
  public List<Route> routes() {
    return List.of(Route.at("{path...}", "A secret without versions; its folder lists names.")
        .exists(KvVersion1::exists)
        .on(Operation.READ, KvVersion1::read)
        .on(Operation.UPDATE, KvVersion1::write)
        .on(Operation.DELETE, KvVersion1::delete)
        .on(Operation.LIST, call -> Listing.ofList(listing.in(call.storage(), path(call))))
        .on(Operation.SCAN, call -> Listing.ofScan(listing.below(call.storage(), path(call)))));
  }

  @Override
  public Optional<String> api() {
    return Optional.of(API);
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(ENTRY);
  }

  private static boolean exists(Call call) {
    Optional<byte[]> secret = call.storage().get(ENTRY.at(path(call)));
    secret.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
    return secret.isPresent();
  }

  private static Response read(Call call) {
    if (!Keys.isKey(path(call))) {
      return Response.empty();
    }
    return call.storage()
        .get(ENTRY.at(path(call)))
        .map(Payload::ofStored)
        .map(secret -> Response.of(secret).withLeaseDuration(lifetime(call, secret)))
        .orElse(Response.empty());
  }

  /**
   * Returns after how long a reader should read again: what the secret says in {@code ttl}, or else
   * in {@code lease}; no lease is made. Text that is no duration means the mount's default, so that
   * no value makes its secret unreadable.
   */
  private static Duration lifetime(Call call, Payload secret) {
    Optional<String> member =
        secret.has("ttl") ? Optional.of("ttl") : Optional.of("lease").filter(secret::has);
    if (member.isEmpty()) {
      return call.defaultLeaseTtl();
    }
    if (secret.get(member.get()).isEmpty()) {
      return Duration.ZERO;
    }
    try {
      return secret
          .text(member.get())
          .map(text -> DurationText.parse(text).truncatedTo(ChronoUnit.SECONDS))
          .filter(duration -> !duration.isNegative())
          .orElse(call.defaultLeaseTtl());
    } catch (IllegalArgumentException e) {
      return call.defaultLeaseTtl();
    }
  }

  private static Response write(Call call) {
    if (path(call).isEmpty()) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "missing path");
    }
    if (call.payload().isEmpty()) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "missing data fields");
    }
    call.storage().put(ENTRY.at(path(call)), call.payload().toJson());
    call.changed(Change.Kind.WRITTEN, path(call), OptionalInt.empty());
    return Response.empty();
  }

  private static Response delete(Call call) {
    if (Keys.isKey(path(call)) && exists(call)) {
      call.storage().delete(ENTRY.at(path(call)));
      call.changed(Change.Kind.REMOVED, path(call), OptionalInt.empty());
    }
    return Response.empty();
  }

  private static String path(Call call) {
    return call.captured("path");
  }
}
