package dev.strongroom.auth.basic;

import dev.strongroom.auth.basic.SecretIds.Found;
import dev.strongroom.request.Origin;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.LoginGrant;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code login}: a role id and, where the role wants one, a secret id. All of it happens in the
 * transaction, so a use is taken exactly once, and only by a login that succeeds.
 */
final class AppRoleLogin implements LoginHandler {
  static final String ROLE_NAME = "role_name";
  static final String ROLE_UID = "role_uid";

  private static final String REFUSED = "invalid role or secret ID";

  private final Roles roles;
  private final SecretIds secretIds;

  AppRoleLogin(Roles roles, SecretIds secretIds) {
    this.roles = roles;
    this.secretIds = secretIds;
  }

  List<Route> routes() {
    return List.of(Route.at("login", "Logs a program in.")
        .field("role_id", FieldType.TEXT, "The role's id.")
        .field("secret_id", FieldType.TEXT, "A secret id of the role.")
        .onLogin(this));
  }

  /** A role id that nobody has is no name: it could be any. */
  @Override
  public Optional<String> claimedAlias(Call call) {
    String roleId = roleId(call);
    return roles.nameOf(call.storage(), roleId).isPresent()
        ? Optional.of(roleId)
        : Optional.empty();
  }

  private static String roleId(Call call) {
    return call.text("role_id").orElse("").strip();
  }

  @Override
  public Proven prove(Call call) {
    if (roleId(call).isEmpty()) {
      throw LoginRefused.invalid("missing role_id", "it came without a role id");
    }
    return this::grant;
  }

  private LoginGrant grant(Call call) {
    String roleId = roleId(call);
    Optional<String> name = roles.nameOf(call.storage(), roleId);
    Role role = name.flatMap(known -> roles.find(call.storage(), known))
        .orElseThrow(() -> LoginRefused.invalid(REFUSED, "no role has that role id"));
    requireOrigin(call, role.secretIdCidrs(), "the role");
    Optional<SecretId> secretId =
        role.bindSecretId() ? Optional.of(use(call, name.get(), role)) : Optional.empty();
    Map<String, String> metadata =
        new HashMap<>(secretId.map(SecretId::metadata).orElse(Map.of()));
    metadata.put(ROLE_NAME, name.get());
    TokenParameters tokens = secretId
        .map(SecretId::tokenCidrs)
        .filter(blocks -> !blocks.isEmpty())
        .map(role.tokens()::withBoundCidrs)
        .orElse(role.tokens());
    return new LoginGrant(
        roleId, "", metadata, tokens, Map.of(ROLE_NAME, name.get(), ROLE_UID, role.uid()));
  }

  private SecretId use(Call call, String name, Role role) {
    String text = call.text("secret_id").orElse("").strip();
    if (text.isEmpty()) {
      throw LoginRefused.invalid("missing secret_id", "it came without a secret id");
    }
    Found found = text.length() > SecretIdPath.MAX_SECRET_ID
        ? null
        : secretIds.find(call.storage(), role, text, call.now()).orElse(null);
    if (found == null) {
      throw LoginRefused.wrongCredential(REFUSED, "wrong secret id of the role " + name);
    }
    requireOrigin(call, found.secretId().cidrs(), "the secret id");
    secretIds.use(call.storage(), role, found, call.now());
    return found.secretId();
  }

  private static void requireOrigin(Call call, List<Cidr> blocks, String whose) {
    if (blocks.isEmpty()) {
      return;
    }
    Optional<Origin> origin = call.origin();
    if (origin.isEmpty() || !Cidr.anyContains(blocks, origin.get().address())) {
      throw LoginRefused.denied(
          "it came from an address that " + whose + " is not bound to, or none is known");
    }
  }
}
