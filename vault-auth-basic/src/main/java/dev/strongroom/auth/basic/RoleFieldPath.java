package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code role/:name/<setting>}: one setting of a role, so that rights can be given apart. */
final class RoleFieldPath {
  private static final List<Setting> SETTINGS = List.of(
      new Setting("policies", Set.of(), Set.of("token_policies", "policies")),
      new Setting("bound-cidr-list", Set.of(RoleSettings.OLD_CIDRS), Set.of()),
      new Setting("secret-id-bound-cidrs", Set.of(RoleSettings.CIDRS), Set.of()),
      new Setting("token-bound-cidrs", Set.of(), Set.of("token_bound_cidrs")),
      new Setting("bind-secret-id", Set.of(RoleSettings.BIND_SECRET_ID), Set.of()),
      new Setting("secret-id-num-uses", Set.of(RoleSettings.NUM_USES), Set.of()),
      new Setting("secret-id-ttl", Set.of(RoleSettings.TTL), Set.of()),
      new Setting("period", Set.of(), Set.of("token_period", "period")),
      new Setting("token-num-uses", Set.of(), Set.of("token_num_uses")),
      new Setting("token-ttl", Set.of(), Set.of("token_ttl")),
      new Setting("token-max-ttl", Set.of(), Set.of("token_max_ttl")));

  private final Roles roles;

  RoleFieldPath(Roles roles) {
    this.roles = roles;
  }

  /**
   * A setting.
   *
   * @param own names of parameters of the role
   * @param ofTokens names of token parameters
   */
  private record Setting(String path, Set<String> own, Set<String> ofTokens) {
    Set<String> names() {
      return own.isEmpty() ? ofTokens : own;
    }

    String name(Call call) {
      return NameRule.folded(call, "role_name", "role/", "/" + path);
    }
  }

  List<Route> routes() {
    List<Route> all =
        SETTINGS.stream().map(this::route).collect(Collectors.toCollection(ArrayList::new));
    all.add(Route.at("role/{role_name}/local-secret-ids", "A setting of a role.")
        .on(
            Operation.READ,
            call ->
                read(call, new Setting("local-secret-ids", Set.of("local_secret_ids"), Set.of()))));
    return all;
  }

  private Route route(Setting setting) {
    Route bare = Route.at("role/{role_name}/" + setting.path, "A setting of a role.");
    return TokenParameters.declare(RoleSettings.declare(bare, setting.own), setting.ofTokens)
        .on(Operation.READ, call -> read(call, setting))
        .on(Operation.UPDATE, call -> write(call, setting))
        .on(Operation.DELETE, call -> reset(call, setting));
  }

  private Response read(Call call, Setting setting) {
    return roles
        .find(call.storage(), setting.name(call))
        .map(role -> Response.of(Payload.of(RoleSettings.describe(role, setting.names()))))
        .orElse(Response.empty());
  }

  private Response write(Call call, Setting setting) {
    String name = setting.name(call);
    Optional<Role> before = roles.find(call.storage(), name);
    Role role = before.orElseThrow(RolePath::unsupportedPath);
    if (setting.names().stream().noneMatch(call::has)) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          "missing " + setting.names().stream().min(byLength()).get());
    }
    Role changed = RoleSettings.changed(role, call, setting.own, setting.ofTokens);
    RolePath.requirePeriodWithin(call, changed);
    roles.put(call.storage(), name, before, changed);
    return Response.empty();
  }

  /** Of an old and a new name, the reference asks for the one that is in the path. */
  private static Comparator<String> byLength() {
    return Comparator.comparing(String::length).reversed();
  }

  private Response reset(Call call, Setting setting) {
    String name = setting.name(call);
    Optional<Role> before = roles.find(call.storage(), name);
    before.ifPresent(role ->
        roles.put(call.storage(), name, before, RoleSettings.without(role, setting.names())));
    return Response.empty();
  }
}
