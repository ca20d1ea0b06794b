package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.NOT_FOUND;

import dev.strongroom.VaultException;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.lease.LeaseStore.Irrevocable;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code sys/leases}: looks up, renews and ends leases, those of tokens too. Same rules and texts
 * as OpenBao v2.6.2 {@code vault/logical_system.go}; what was there before under {@code sys/renew}
 * and {@code sys/revoke…} is there still, for clients that ask for it.
 */
final class LeasePath {
  private static final int MAX_ID_BYTES = 4096;
  private static final int DEFAULT_LIMIT = 10_000;

  private final LeaseStore leases;
  private final TokenStore tokens;
  private final MountChanges mounts;

  LeasePath(LeaseStore leases, TokenStore tokens, MountChanges mounts) {
    this.leases = leases;
    this.tokens = tokens;
    this.mounts = mounts;
  }

  List<Route> routes() {
    List<Route> routes = new ArrayList<>(List.of(
        Route.at("leases", "Leases of a kind.")
            .sudo()
            .field("type", FieldType.TEXT, "The kind: irrevocable.")
            .field("limit", FieldType.TEXT, "How many at most, or none for all; default 10000.")
            .field("include_child_namespaces", FieldType.FLAG, "There are none.")
            .on(Operation.READ, call -> list(SystemCall.of(call))),
        Route.at("leases/count", "How many leases of a kind there are.")
            .field("type", FieldType.TEXT, "The kind: irrevocable.")
            .field("include_child_namespaces", FieldType.FLAG, "There are none.")
            .on(Operation.READ, call -> count(SystemCall.of(call))),
        Route.at("leases/tidy", "Looks for leases whose token is gone.")
            .on(Operation.UPDATE, call -> tidy()),
        ofLease("leases/lookup", "A lease.")
            .on(Operation.UPDATE, call -> lookup(SystemCall.of(call))),
        Route.at("leases/lookup/{prefix...}", "Names of leases.")
            .sudo()
            .on(Operation.LIST, call -> names(SystemCall.of(call)))));
    for (String family : List.of("leases/", "")) {
      Stream.of("", "/{id...}").forEach(id -> {
        routes.add(ofLease(family + "renew" + id, "Begins the lifetime of a lease anew.")
            .field("increment", FieldType.DURATION, "How long from now.")
            .on(Operation.UPDATE, call -> renew(SystemCall.of(call), !id.isEmpty())));
        routes.add(ofLease(family + "revoke" + id, "Ends a lease.")
            .field("sync", FieldType.FLAG, "Whether to wait for that; default true.")
            .on(Operation.UPDATE, call -> revoke(SystemCall.of(call), !id.isEmpty())));
      });
      routes.add(Route.at(family + "revoke-prefix/{prefix...}", "Ends all leases below a prefix.")
          .sudo()
          .field("sync", FieldType.FLAG, "Whether to wait for that; default true.")
          .on(Operation.UPDATE, call -> revokePrefix(SystemCall.of(call))));
      routes.add(Route.at(
              family + "revoke-force/{prefix...}",
              "Ends all leases below a prefix, and forgets those that cannot be revoked.")
          .sudo()
          .on(Operation.UPDATE, call -> force(SystemCall.of(call))));
    }
    return routes;
  }

  private static Route ofLease(String pattern, String help) {
    return Route.at(pattern, help).field("lease_id", FieldType.TEXT, "The lease.");
  }

  /** An id may come by path and by body, but then it is one: rights on a path are rights on it. */
  private static String id(SystemCall call, boolean inPath) {
    Optional<String> body = call.given("lease_id");
    Optional<String> path =
        inPath ? Optional.of(call.captured("id")).filter(id -> !id.isEmpty()) : Optional.empty();
    if (body.isPresent() && path.isPresent() && !body.equals(path)) {
      throw new VaultException(INVALID_REQUEST, "lease_id and the path name two leases");
    }
    String id = body.or(() -> path)
        .orElseThrow(() -> new VaultException(INVALID_REQUEST, "lease_id must be specified"));
    if (id.length() > MAX_ID_BYTES) {
      throw new VaultException(
          INVALID_REQUEST, "lease_id has at most " + MAX_ID_BYTES + " characters");
    }
    return id;
  }

  private Response lookup(SystemCall call) {
    String id = id(call, /* inPath= */ false);
    Optional<Found> token = tokens.findByLease(call.transaction(), id);
    if (token.isPresent()) {
      var record = token.get().record();
      return described(
          call,
          id,
          record.path(),
          record.createdAt(),
          record.expiresAt(),
          record.lastRenewal(),
          record.renewable(),
          "");
    }
    return leases
        .find(call.transaction(), id)
        .map(lease -> described(
            call,
            id,
            lease.path(),
            lease.issuedAt(),
            Optional.of(lease.expiresAt()),
            lease.lastRenewal(),
            lease.renewable(),
            lease.revokeError()))
        .orElseGet(() -> SystemCall.refused("invalid lease"));
  }

  private static Response described(
      SystemCall call,
      String id,
      String path,
      Instant issuedAt,
      Optional<Instant> expiresAt,
      Optional<Instant> lastRenewal,
      boolean renewable,
      String revokeError) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("id", id);
    members.put("issue_time", InstantText.format(issuedAt));
    members.put("expire_time", expiresAt.map(InstantText::format).orElse(null));
    members.put("last_renewal", lastRenewal.map(InstantText::format).orElse(null));
    members.put("renewable", renewable);
    members.put(
        "ttl",
        expiresAt
            .map(at -> Math.max(0, Duration.between(call.now(), at).toSeconds()))
            .orElse(0L));
    members.put("path", path);
    if (!revokeError.isEmpty()) {
      members.put("revoke_error", revokeError);
    }
    return Response.of(Payload.of(members));
  }

  private Response names(SystemCall call) {
    String prefix = call.captured("prefix");
    List<String> names = leases.list(
        call.transaction(), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  private Response renew(SystemCall call, boolean inPath) {
    String id = id(call, inPath);
    Duration increment = call.duration("increment").orElse(Duration.ZERO);
    if (increment.isNegative()) {
      return SystemCall.refused("increment is zero or more");
    }
    if (tokens.findByLease(call.transaction(), id).isPresent()) {
      return SystemCall.refused("tokens cannot be renewed through this endpoint");
    }
    return leases
        .renew(call.transaction(), id, increment)
        .orElseGet(() -> SystemCall.refused("lease not found"));
  }

  private Response revoke(SystemCall call, boolean inPath) {
    String id = id(call, inPath);
    boolean wait = call.flag("sync").orElse(true);
    if (!endTokenOf(call, id)) {
      if (wait) {
        leases.revoke(call.transaction(), id);
      } else {
        leases.order(call.transaction(), id);
      }
    }
    return wait ? Response.empty() : Response.accepted();
  }

  private boolean endTokenOf(SystemCall call, String id) {
    Optional<Found> token = tokens.findByLease(call.transaction(), id);
    token.ifPresent(found -> tokens.revokeTree(call.transaction(), found.hash()));
    return token.isPresent();
  }

  /** A prefix that is exactly a lease is that lease alone. */
  private Response revokePrefix(SystemCall call) {
    String prefix = prefix(call);
    boolean wait = call.flag("sync").orElse(true);
    boolean one = !prefix.endsWith("/")
        && (endTokenOf(call, prefix)
            || (wait
                ? leases.revoke(call.transaction(), prefix)
                : leases.order(call.transaction(), prefix)));
    if (!one && wait) {
      leases.revokePrefix(call.transaction(), folder(prefix));
    } else if (!one) {
      leases.orderPrefix(call.transaction(), folder(prefix));
    }
    return wait ? Response.empty() : Response.accepted();
  }

  private Response force(SystemCall call) {
    String prefix = prefix(call);
    if (prefix.endsWith("/") || !endTokenOf(call, prefix)) {
      leases.forcePrefix(call.transaction(), prefix);
    }
    return Response.empty();
  }

  private static String prefix(SystemCall call) {
    String prefix = call.captured("prefix");
    if (prefix.isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "a prefix must be specified");
    }
    return prefix;
  }

  private static String folder(String prefix) {
    return prefix.endsWith("/") ? prefix : prefix + "/";
  }

  private Response tidy() {
    leases.tidy();
    return Response.accepted()
        .withWarning(
            "Tidy operation successfully started. Any information from the operation will be printed to OpenBao's server logs.");
  }

  private Response count(SystemCall call) {
    requireIrrevocable(call);
    Map<String, Object> counts = new TreeMap<>();
    List<Irrevocable> found = leases.irrevocable(call.transaction(), Integer.MAX_VALUE);
    found.forEach(
        lease -> counts.merge(accessor(call, lease.mount()), 1, (a, b) -> (int) a + (int) b));
    return Response.of(Payload.of(Map.of("lease_count", found.size(), "counts", counts)));
  }

  private Response list(SystemCall call) {
    requireIrrevocable(call);
    int limit = limit(call);
    List<Map<String, Object>> listed = leases.irrevocable(call.transaction(), limit).stream()
        .sorted(Comparator.comparing(Irrevocable::expiresAt).thenComparing(Irrevocable::id))
        .map(lease -> Map.<String, Object>of(
            "lease_id", lease.id(),
            "mount_id", accessor(call, lease.mount()),
            "error", lease.error()))
        .toList();
    return Response.of(Payload.of(Map.of("lease_count", listed.size(), "leases", listed)));
  }

  private static void requireIrrevocable(SystemCall call) {
    String type = call.text("type").orElse("");
    if (!type.equals("irrevocable")) {
      throw new VaultException(NOT_FOUND, "invalid lease type");
    }
  }

  private static int limit(SystemCall call) {
    String text = call.given("limit").orElse(String.valueOf(DEFAULT_LIMIT));
    if (text.equals("none")) {
      return Integer.MAX_VALUE;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new VaultException(
          INVALID_REQUEST, "limit is \"none\" or a number from 1 to 999999999");
    }
    return Integer.parseInt(text);
  }

  private String accessor(SystemCall call, UUID mount) {
    return mounts
        .table(call.transaction())
        .byId(mount)
        .map(MountEntry::accessor)
        .orElse("deleted mount");
  }
}
