package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What can be set for a role beside its tokens, with the same checks wherever it is set. */
final class RoleSettings {
  static final String BIND_SECRET_ID = "bind_secret_id";
  static final String CIDRS = "secret_id_bound_cidrs";
  static final String OLD_CIDRS = "bound_cidr_list";
  static final String NUM_USES = "secret_id_num_uses";
  static final String TTL = "secret_id_ttl";
  static final Set<String> NAMES = Set.of(BIND_SECRET_ID, CIDRS, OLD_CIDRS, NUM_USES, TTL);

  private static final Map<String, Route.Field> FIELDS = Map.of(
      BIND_SECRET_ID, new Route.Field(FieldType.FLAG, "Whether a secret id is needed."),
      CIDRS, new Route.Field(FieldType.COMMA_TEXTS, "Where logins must come from."),
      OLD_CIDRS, new Route.Field(FieldType.COMMA_TEXTS, "Old name of secret_id_bound_cidrs."),
      NUM_USES, new Route.Field(FieldType.INTEGER, "Logins with a secret id; 0: any number."),
      TTL, new Route.Field(FieldType.DURATION, "Lifetime of a secret id; 0: without end."));

  private RoleSettings() {}

  static Route declare(Route route, Collection<String> names) {
    Route declared = route;
    for (String name : names.stream().filter(FIELDS::containsKey).sorted().toList()) {
      Route.Field field = FIELDS.getOrDefault(name, new Route.Field(FieldType.TEXT, ""));
      declared = declared.field(name, field.type(), field.help());
    }
    return declared;
  }

  /**
   * Returns a role with what a call gives in the place of what was there.
   *
   * @param own names of these settings that the route declares
   * @param ofTokens names of token parameters that it declares
   */
  static Role changed(Role role, Call call, Set<String> own, Set<String> ofTokens) {
    return new Role(
        role.uid(),
        role.roleId(),
        given(call, own, BIND_SECRET_ID)
            ? call.flag(BIND_SECRET_ID).orElse(false)
            : role.bindSecretId(),
        Stream.of(CIDRS, OLD_CIDRS)
            .filter(name -> given(call, own, name))
            .findFirst()
            .map(name -> TokenParameters.cidrs(call, name))
            .orElse(role.secretIdCidrs()),
        given(call, own, NUM_USES) ? numUses(call, NUM_USES) : role.secretIdNumUses(),
        given(call, own, TTL) ? lifetime(call, TTL) : role.secretIdTtl(),
        role.localSecretIds(),
        role.tokens().changedBy(call, ofTokens));
  }

  private static boolean given(Call call, Set<String> names, String name) {
    return names.contains(name) && call.has(name);
  }

  static int numUses(Call call, String field) {
    long uses = call.integer(field).orElse(0);
    if (uses < 0) {
      throw refused(field + " cannot be negative");
    }
    if (uses > Integer.MAX_VALUE) {
      throw refused(field + " is at most " + Integer.MAX_VALUE);
    }
    return (int) uses;
  }

  static Duration lifetime(Call call, String field) {
    Duration lifetime = call.duration(field).orElse(Duration.ZERO);
    if (lifetime.isNegative()) {
      throw refused(field + " cannot be negative");
    }
    return lifetime;
  }

  /** Returns a role with the settings of those names as a new one has them. */
  static Role without(Role role, Set<String> names) {
    boolean noCidrs = names.contains(CIDRS) || names.contains(OLD_CIDRS);
    return new Role(
        role.uid(),
        role.roleId(),
        names.contains(BIND_SECRET_ID) || role.bindSecretId(),
        noCidrs ? List.of() : role.secretIdCidrs(),
        names.contains(NUM_USES) ? 0 : role.secretIdNumUses(),
        names.contains(TTL) ? Duration.ZERO : role.secretIdTtl(),
        role.localSecretIds(),
        role.tokens().without(names));
  }

  static Map<String, @Nullable Object> describe(Role role) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(BIND_SECRET_ID, role.bindSecretId());
    members.put(
        CIDRS,
        role.secretIdCidrs().isEmpty()
            ? null
            : role.secretIdCidrs().stream().map(Cidr::toString).toList());
    members.put(NUM_USES, role.secretIdNumUses());
    members.put(TTL, role.secretIdTtl().toSeconds());
    members.put("local_secret_ids", role.localSecretIds());
    members.putAll(role.tokens().describe());
    return members;
  }

  /** Returns the settings of those names, where they are shown. */
  static Map<String, @Nullable Object> describe(Role role, Set<String> names) {
    Map<String, @Nullable Object> all = describe(role);
    if (names.contains(OLD_CIDRS)) {
      all.put(OLD_CIDRS, Optional.ofNullable(all.get(CIDRS)).orElse(null));
    }
    all.keySet().retainAll(names);
    return all;
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}
