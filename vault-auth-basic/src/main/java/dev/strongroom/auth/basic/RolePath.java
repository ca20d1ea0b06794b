package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code role}: makes, reads, changes, lists and removes roles. */
final class RolePath {
  static final int MAX_ROLE_ID = 512;

  /** Parameters of a role, old names included. */
  static final Set<String> TOKEN_SETTINGS = Stream.concat(
          TokenParameters.NAMES.stream(), Stream.of("policies", "period"))
      .collect(Collectors.toUnmodifiableSet());

  private final Roles roles;
  private final SecretIds secretIds;
  private final Identifiers identifiers;

  RolePath(Roles roles, SecretIds secretIds, Identifiers identifiers) {
    this.roles = roles;
    this.secretIds = secretIds;
    this.identifiers = identifiers;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at("role", "Names of the roles.")).on(Operation.LIST, this::list),
        TokenParameters.declare(
                RoleSettings.declare(Route.at("role/{role_name}", "A role."), RoleSettings.NAMES)
                    .field("role_id", FieldType.TEXT, "The role's id; default: a random one.")
                    .field("local_secret_ids", FieldType.FLAG, "Only when the role is made."),
                TOKEN_SETTINGS)
            .exists(call -> NameRule.fits(call.captured("role_name"))
                && roles
                    .find(call.storage(), NameRule.fold(call.captured("role_name")))
                    .isPresent())
            .on(Operation.READ, this::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, this::delete),
        Route.at("role/{role_name}/role-id", "A role's id.")
            .field("role_id", FieldType.TEXT, "The role's id.")
            .on(Operation.READ, this::readRoleId)
            .on(Operation.UPDATE, this::writeRoleId));
  }

  private static String name(Call call, String after) {
    return NameRule.folded(call, "role_name", "role/", after);
  }

  private Response list(Call call) {
    return Page.answer(call, roles.names(call.storage()));
  }

  private Response read(Call call) {
    return roles
        .find(call.storage(), name(call, ""))
        .map(role -> Response.of(Payload.of(RoleSettings.describe(role))))
        .orElse(Response.empty());
  }

  private Response write(Call call) {
    String name = name(call, "");
    Optional<Role> before = roles.find(call.storage(), name);
    if (before.isPresent() && call.has("local_secret_ids")) {
      throw refused("local_secret_ids can only be modified during role creation");
    }
    Role role = before.orElseGet(() -> Role.of(identifiers.next(), identifiers.next()));
    Role changed = RoleSettings.changed(role, call, RoleSettings.NAMES, TOKEN_SETTINGS);
    Role complete = new Role(
        changed.uid(),
        call.has("role_id") ? roleId(call) : changed.roleId(),
        changed.bindSecretId(),
        changed.secretIdCidrs(),
        changed.secretIdNumUses(),
        changed.secretIdTtl(),
        call.flag("local_secret_ids").orElse(changed.localSecretIds()),
        changed.tokens());
    requirePeriodWithin(call, complete);
    roles.put(call.storage(), name, before, complete);
    Response response = Response.empty();
    if (call.text("token_type").orElse("").startsWith("default-")) {
      String meant = call.text("token_type").orElseThrow().substring("default-".length());
      response = response.withWarning(
          "default-" + meant + " has no useful meaning; adjusting to " + meant);
    }
    if (complete.tokens().maxTtl().compareTo(call.maxLeaseTtl()) > 0) {
      response = response.withWarning(
          "token_max_ttl is greater than the backend mount's maximum TTL value; issued tokens' max TTL value will be truncated");
    }
    return response;
  }

  static void requirePeriodWithin(Call call, Role role) {
    Duration period = role.tokens().period();
    if (period.compareTo(call.maxLeaseTtl()) > 0) {
      throw refused("period of \"" + DurationText.format(period)
          + "\" is greater than the backend's maximum lease TTL of \""
          + DurationText.format(call.maxLeaseTtl()) + "\"");
    }
  }

  private static String roleId(Call call) {
    String roleId = call.text("role_id").orElse("");
    if (roleId.isEmpty()) {
      throw refused("invalid role_id supplied, or failed to generate a role_id");
    }
    if (roleId.length() > MAX_ROLE_ID
        || !VaultPath.isPrintable(roleId)
        || !roleId.equals(roleId.strip())) {
      throw refused(
          "role_id has 1 to " + MAX_ROLE_ID + " printable characters, without space around them");
    }
    return roleId;
  }

  private Response delete(Call call) {
    String name = name(call, "");
    roles.find(call.storage(), name).ifPresent(role -> {
      secretIds.deleteAll(call.storage(), role);
      roles.delete(call.storage(), name, role);
    });
    return Response.empty();
  }

  private Response readRoleId(Call call) {
    return roles
        .find(call.storage(), name(call, "/role-id"))
        .map(role -> Response.of(Payload.of(Map.of("role_id", role.roleId()))))
        .orElse(Response.empty());
  }

  private Response writeRoleId(Call call) {
    String name = name(call, "/role-id");
    Optional<Role> before = roles.find(call.storage(), name);
    Role role = before.orElseThrow(RolePath::unsupportedPath);
    Role changed = new Role(
        role.uid(),
        roleId(call),
        role.bindSecretId(),
        role.secretIdCidrs(),
        role.secretIdNumUses(),
        role.secretIdTtl(),
        role.localSecretIds(),
        role.tokens());
    roles.put(call.storage(), name, before, changed);
    return Response.empty();
  }

  /** As the reference answers a change of what is not there. */
  static VaultException unsupportedPath() {
    return new VaultException(ErrorCode.NOT_FOUND, "unsupported path");
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}
