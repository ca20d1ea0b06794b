package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.sql.PgQuote;
import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code static-roles}, {@code static-creds} and {@code rotate-role}: users that exist, whose
 * passwords the vault changes. Behaviour: OpenBao v2.6.2
 * {@code builtin/logical/database/path_roles.go} and {@code path_rotate_credentials.go}.
 */
final class StaticRolePath {
  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(5);
  private static final List<String> VAULT_ONLY = List.of(
      "rotation_schedule", "rotation_window", "skip_import_rotation", "self_managed_password");

  private final MountContext context;
  private final StaticRotation rotation;
  private final Claims claims;
  private final int most;

  StaticRolePath(MountContext context, StaticRotation rotation, Claims claims, int most) {
    this.context = context;
    this.rotation = rotation;
    this.claims = claims;
    this.most = most;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at("static-roles", "Static roles."))
            .on(
                Operation.LIST,
                call -> Page.answer(call, call.storage().list(StaticRole.KIND, ""))),
        Route.at("static-roles/{name}", "A user that exists, whose password the vault changes.")
            .field("db_name", FieldType.TEXT, "Name of the connection.")
            .field("username", FieldType.TEXT, "Of the user; never changes.")
            .field("rotation_period", FieldType.DURATION, "5 seconds or more.")
            .field("rotation_statements", FieldType.TEXTS, "What sets a password.")
            .field("credential_type", FieldType.TEXT, "password.")
            .field("credential_config", FieldType.PAIRS, "password_policy: how passwords are made.")
            .exists(
                call -> call.storage().get(StaticRole.KIND.at(Names.of(call))).isPresent())
            .on(Operation.READ, StaticRolePath::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, StaticRolePath::delete),
        Route.at("static-creds/{name}", "The password of a static role's user.")
            .on(Operation.READ, StaticRolePath::credentials),
        Route.at("rotate-role/{name}", "Changes the password of a static role's user now.")
            .on(Operation.UPDATE, this::rotate));
  }

  private static Response read(Call call) {
    return call.storage()
        .get(StaticRole.KIND.at(Names.of(call)))
        .map(StaticRolePath::shown)
        .orElse(Response.empty());
  }

  private static Response shown(StaticRole role) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("db_name", role.database());
    data.put("username", role.username());
    data.put("rotation_period", role.period().toSeconds());
    data.put("rotation_statements", role.rotation());
    data.put("credential_type", role.credentials().type().word());
    if (!role.credentials().shown().isEmpty()) {
      data.put("credential_config", role.credentials().shown());
    }
    role.lastRotation()
        .ifPresent(last -> data.put("last_vault_rotation", InstantText.format(last)));
    return Response.of(Payload.of(data));
  }

  private Response write(Call call) {
    String name = Names.of(call);
    if (call.storage().get(RoleRecord.KIND.at(name)).isPresent()) {
      throw Refusals.invalid(RolePath.NAMES_ARE_UNIQUE);
    }
    requireKnown(call.payload());
    Optional<StaticRole> before = call.storage().get(StaticRole.KIND.at(name));
    StaticRole role = wanted(call, before);
    call.storage().put(StaticRole.KIND.at(name), role);
    boolean isNew = before.isEmpty();
    if (isNew || !before.get().database().equals(role.database())) {
      Creations.oneByOne(call.storage());
      requireUsable(call, name, role);
    }
    if (isNew) {
      Creations.requireRoom(call.storage(), StaticRole.KIND, "static roles", most);
      rotation.prepare(call.storage(), name, role);
    }
    call.then(() -> {
      if (isNew) {
        setFirst(name);
      }
      context.tendSoon();
      return Response.empty();
    });
    return Response.empty();
  }

  private static void requireKnown(Payload given) {
    for (String field : VAULT_ONLY) {
      Object value = given.get(field).orElse(false);
      if (!value.equals(false) && !value.equals("")) {
        throw Refusals.invalid(field + " is not supported; give rotation_period");
      }
    }
  }

  private static StaticRole wanted(Call call, Optional<StaticRole> before) {
    String database =
        call.text("db_name").or(() -> before.map(StaticRole::database)).orElse("");
    if (database.isEmpty()) {
      throw Refusals.invalid("database name is a required field");
    }
    return new StaticRole(
        NameRule.require("db_name", database),
        username(call, before),
        period(call, before),
        call.has("rotation_statements")
            ? StatementLists.of(call, "rotation_statements", StatementKind.ROTATION)
            : before.map(StaticRole::rotation).orElse(List.of()),
        CredentialConfig.of(call, before.map(StaticRole::credentials).orElse(null)),
        before.flatMap(StaticRole::lastRotation));
  }

  private static String username(Call call, Optional<StaticRole> before) {
    String username = call.text("username").orElse("");
    if (before.isPresent() && !before.get().username().equals(username)) {
      throw Refusals.invalid("cannot update static account username");
    }
    if (username.isEmpty()) {
      throw Refusals.invalid("username is a required field to create a static account");
    }
    try {
      return PgQuote.requireName(username);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid("username: " + e.getMessage());
    }
  }

  private static Duration period(Call call, Optional<StaticRole> before) {
    Duration period = call.duration("rotation_period")
        .or(() -> before.map(StaticRole::period))
        .orElseThrow(
            () -> Refusals.invalid("rotation_period is required to create static accounts"));
    if (period.compareTo(SHORTEST_PERIOD) < 0) {
      throw Refusals.invalid("rotation_period must be 5 seconds or more");
    }
    if (period.compareTo(Duration.ofDays(36_500)) > 0) {
      throw Refusals.invalid("rotation_period must be 36500 days or less");
    }
    return period;
  }

  private void requireUsable(Call call, String name, StaticRole role) {
    ConnectionConfig config = ConfigPath.requireAllowing(call.storage(), role.database(), name);
    if (role.credentials().type() != CredentialType.PASSWORD) {
      throw Refusals.failed(role.credentials().type().unsupported());
    }
    claims.requireFree(name, role, config);
  }

  /** If nothing happened, nothing stays; otherwise it goes on in the background. */
  private void setFirst(String name) {
    try {
      rotation.carryOut(name);
    } catch (OutsideException e) {
      if (Databases.didNothing(e)) {
        context.write(storage -> {
          storage
              .get(StaticRole.KIND.at(name))
              .filter(role -> role.lastRotation().isEmpty())
              .ifPresent(role -> StaticRole.remove(storage, name));
          return true;
        });
      } else {
        context.tendSoon();
      }
      throw Refusals.failed("error setting credentials: ", e);
    }
  }

  private static Response delete(Call call) {
    StaticRole.remove(call.storage(), Names.of(call));
    return Response.empty();
  }

  private static Response credentials(Call call) {
    String name = Names.of(call);
    StaticRole role = call.storage()
        .get(StaticRole.KIND.at(name))
        .orElseThrow(() -> Refusals.invalid("unknown role: " + name));
    VaultException missing = Refusals.failed("no password has been set yet");
    ConfigPath.requireAllowing(call.storage(), role.database(), name);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("username", role.username());
    data.put(
        "password",
        StaticRole.current(call.storage(), name).orElseThrow(() -> missing).expose());
    data.put("ttl", secondsUntil(role.due(), call.now()));
    data.put("rotation_period", role.period().toSeconds());
    role.lastRotation()
        .ifPresent(last -> data.put("last_vault_rotation", InstantText.format(last)));
    return Response.of(Payload.of(data));
  }

  private static long secondsUntil(Instant due, Instant now) {
    return Math.max(0, ChronoUnit.SECONDS.between(now, due));
  }

  private Response rotate(Call call) {
    String name = Names.of(call);
    StaticRole role = call.storage()
        .get(StaticRole.KIND.at(name))
        .orElseThrow(() -> Refusals.invalid("no static role found for role name"));
    rotation.prepare(call.storage(), name, role);
    call.then(() -> {
      try {
        rotation.carryOut(name);
      } catch (OutsideException e) {
        throw Refusals.failed(
            "unable to finish rotating credentials; retries will continue in the background but it is also safe to retry manually: ",
            e);
      } finally {
        context.tendSoon();
      }
      return Response.empty();
    });
    return Response.empty();
  }
}
