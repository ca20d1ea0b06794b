package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code roles}: kinds of users that are made for each caller. Behaviour: OpenBao v2.6.2
 * {@code builtin/logical/database/path_roles.go}.
 */
final class RolePath {
  static final String NAMES_ARE_UNIQUE = "Role and Static Role names must be unique";

  private static final int MAX_REVOCATION_BYTES = 48 * 1024;

  /** Revocation waits for so long at most, and it may take 90 seconds in all. */
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(30);

  private final int most;

  RolePath(int most) {
    this.most = most;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at("roles", "Roles."))
            .on(
                Operation.LIST,
                call -> Page.answer(call, call.storage().list(RoleRecord.KIND, ""))),
        Route.at("roles/{name}", "A kind of users that are made for each caller.")
            .field("db_name", FieldType.TEXT, "Name of the connection.")
            .field("creation_statements", FieldType.TEXTS, "What makes a user.")
            .field(
                "revocation_statements",
                FieldType.TEXTS,
                "What drops it. Default: privileges that the catalogue shows are revoked, then the role is dropped.")
            .field("renew_statements", FieldType.TEXTS, "What lets its password live longer.")
            .field("rollback_statements", FieldType.TEXTS, "Kept, and never run.")
            .field("default_ttl", FieldType.DURATION, "0: that of the mount.")
            .field("max_ttl", FieldType.DURATION, "0: that of the mount.")
            .field("credential_type", FieldType.TEXT, "password.")
            .field("credential_config", FieldType.PAIRS, "password_policy: how passwords are made.")
            .field(
                "session_grace",
                FieldType.TEXT,
                "How long sessions live on when their user is revoked, up to 30 s. Default, and empty: they are not ended.")
            .exists(
                call -> call.storage().get(RoleRecord.KIND.at(Names.of(call))).isPresent())
            .on(Operation.READ, RolePath::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, RolePath::delete));
  }

  private static Response read(Call call) {
    return call.storage()
        .get(RoleRecord.KIND.at(Names.of(call)))
        .map(RolePath::shown)
        .orElse(Response.empty());
  }

  private static Response shown(RoleRecord role) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("db_name", role.database());
    data.put("creation_statements", role.creation());
    data.put("revocation_statements", role.revocation());
    data.put("rollback_statements", role.rollback());
    data.put("renew_statements", role.renew());
    data.put("default_ttl", role.defaultTtl().toSeconds());
    data.put("max_ttl", role.maxTtl().toSeconds());
    data.put("credential_type", role.credentials().type().word());
    if (!role.credentials().shown().isEmpty()) {
      data.put("credential_config", role.credentials().shown());
    }
    role.sessionGrace().ifPresent(grace -> data.put("session_grace", grace.toSeconds()));
    return Response.of(Payload.of(data));
  }

  private Response write(Call call) {
    String name = Names.of(call);
    if (call.storage().get(StaticRole.KIND.at(name)).isPresent()) {
      throw Refusals.invalid(NAMES_ARE_UNIQUE);
    }
    Optional<RoleRecord> before = call.storage().get(RoleRecord.KIND.at(name));
    if (before.isEmpty()) {
      Creations.oneByOne(call.storage());
      Creations.requireRoom(call.storage(), RoleRecord.KIND, "roles", most);
    }
    String database =
        call.text("db_name").or(() -> before.map(RoleRecord::database)).orElse("");
    if (database.isEmpty()) {
      throw Refusals.invalid("database name is required");
    }
    requireKeepable(StatementLists.of(call, "revocation_statements"));
    call.storage()
        .put(
            RoleRecord.KIND.at(name),
            new RoleRecord(
                NameRule.require("db_name", database),
                statements(
                    call,
                    "creation_statements",
                    StatementKind.CREATION,
                    before.map(RoleRecord::creation)),
                statements(
                    call,
                    "revocation_statements",
                    StatementKind.REVOCATION,
                    before.map(RoleRecord::revocation)),
                statements(
                    call, "renew_statements", StatementKind.RENEW, before.map(RoleRecord::renew)),
                statements(
                    call,
                    "rollback_statements",
                    StatementKind.ROLLBACK,
                    before.map(RoleRecord::rollback)),
                ttl(call, "default_ttl", before.map(RoleRecord::defaultTtl)),
                ttl(call, "max_ttl", before.map(RoleRecord::maxTtl)),
                CredentialConfig.of(call, before.map(RoleRecord::credentials).orElse(null)),
                grace(call, before.flatMap(RoleRecord::sessionGrace))));
    return Response.empty();
  }

  /** Every lease keeps a copy. */
  private static void requireKeepable(List<String> revocation) {
    if (Payload.of(Map.of("statements", revocation)).toJson().length > MAX_REVOCATION_BYTES) {
      throw Refusals.invalid(
          "revocation_statements take at most " + MAX_REVOCATION_BYTES + " bytes of JSON");
    }
  }

  private static List<String> statements(
      Call call, String field, StatementKind kind, Optional<List<String>> before) {
    return call.has(field) ? StatementLists.of(call, field, kind) : before.orElse(List.of());
  }

  private static Duration ttl(Call call, String field, Optional<Duration> before) {
    Duration ttl = call.duration(field).or(() -> before).orElse(Duration.ZERO);
    if (ttl.isNegative()) {
      throw Refusals.invalid("error converting input for field \"" + field
          + "\": cannot provide negative value '" + ttl.toSeconds() + "'");
    }
    return ttl;
  }

  private static Optional<Duration> grace(Call call, Optional<Duration> before) {
    if (!call.has("session_grace")) {
      return before;
    }
    String text = call.text("session_grace").orElse("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Duration grace = Durations.parse("session_grace", text);
    if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
      throw Refusals.invalid("session_grace is 0 to " + LONGEST_GRACE.toSeconds() + " s");
    }
    return Optional.of(grace);
  }

  /** Leases keep what drops their users. */
  private static Response delete(Call call) {
    call.storage().delete(RoleRecord.KIND.at(Names.of(call)));
    return Response.empty();
  }
}
