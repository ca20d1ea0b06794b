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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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

  /**
   * Also a role id that no role has: who guesses must not tell it from one that a role has. It may
   * be a secret id that was put there by mistake, so its digest stands for it where operators look.
   */
  @Override
  public Optional<String> claimedAlias(Call call) {
    String roleId = roleId(call);
    if (roleId.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(roles.nameOf(call.storage(), roleId).isPresent() ? roleId : digest(roleId));
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
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

  /** Only a right secret id learns that the address is wrong. */
  private LoginGrant grant(Call call) {
    String roleId = roleId(call);
    Optional<String> name = roles.nameOf(call.storage(), roleId);
    Optional<Role> known = name.flatMap(found -> roles.find(call.storage(), found));
    if (known.map(Role::bindSecretId).orElse(true) && secretId(call).isEmpty()) {
      throw LoginRefused.invalid("missing secret_id", "it came without a secret id");
    }
    Role role =
        known.orElseThrow(() -> LoginRefused.wrongCredential(REFUSED, "no role has that role id"));
    Optional<SecretId> secretId =
        role.bindSecretId() ? Optional.of(use(call, name.get(), role)) : Optional.empty();
    requireOrigin(call, role.secretIdCidrs(), "the role");
    Map<String, String> metadata =
        new HashMap<>(secretId.map(SecretId::metadata).orElse(Map.of()));
    metadata.put(ROLE_NAME, name.get());
    TokenParameters tokens =
        role.tokens().withBoundCidrs(tokenCidrs(role, secretId.map(SecretId::tokenCidrs)));
    return new LoginGrant(
        roleId, "", metadata, tokens, Map.of(ROLE_NAME, name.get(), ROLE_UID, role.uid()));
  }

  /** A role can have been bound closer since the secret id was made. */
  private static List<Cidr> tokenCidrs(Role role, Optional<List<Cidr>> ofSecretId) {
    List<Cidr> ofRole = role.tokens().boundCidrs();
    List<Cidr> own = ofSecretId.orElse(List.of());
    if (ofRole.isEmpty() || own.isEmpty()) {
      return ofRole.isEmpty() ? own : ofRole;
    }
    List<Cidr> common = Cidr.common(ofRole, own);
    if (common.isEmpty()) {
      throw LoginRefused.denied("the role is bound to other addresses than the secret id");
    }
    return common;
  }

  private static String secretId(Call call) {
    return call.text("secret_id").orElse("").strip();
  }

  private SecretId use(Call call, String name, Role role) {
    String text = secretId(call);
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
