package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRoles;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code auth/token/roles}: what tokens made with a role may be. Same fields and rules as OpenBao
 * v2.6.2 {@code vault/token_store.go} (tokenStoreRoleCreateUpdate).
 */
final class TokenRolePath {
  private static final int MAX_ELEMENTS = 1_000;
  private static final int MAX_SUFFIX_LENGTH = 256;

  private static final Pattern NAME = Pattern.compile("\\w(([\\w.-]+)?\\w)?");
  private static final Pattern SUFFIX = Pattern.compile("\\w[\\w.-]+\\w");

  private final TokenRoles roles;
  private final TokenLifetimes lifetimes;

  TokenRolePath(TokenRoles roles, TokenLifetimes lifetimes) {
    this.roles = roles;
    this.lifetimes = lifetimes;
  }

  List<Route> routes() {
    Route role = Route.at("roles/{role_name}", "A role that tokens are made with.")
        .field("allowed_policies", FieldType.COMMA_TEXTS, "Policies its tokens may have.")
        .field("allowed_policies_glob", FieldType.COMMA_TEXTS, "As patterns with *.")
        .field("disallowed_policies", FieldType.COMMA_TEXTS, "Policies they may not have.")
        .field("disallowed_policies_glob", FieldType.COMMA_TEXTS, "As patterns with *.")
        .field("orphan", FieldType.FLAG, "Whether they outlive their makers. Default: false.")
        .field("renewable", FieldType.FLAG, "Whether they can be renewed. Default: true.")
        .field("path_suffix", FieldType.TEXT, "Ends the path they are said to be made at.")
        .field("token_period", FieldType.DURATION, "Lifetime after each renewal, without end.")
        .field("period", FieldType.DURATION, "Old name of token_period.")
        .field("token_explicit_max_ttl", FieldType.DURATION, "Longest lifetime.")
        .field("explicit_max_ttl", FieldType.DURATION, "Old name of token_explicit_max_ttl.")
        .field("token_bound_cidrs", FieldType.COMMA_TEXTS, "Where requests must come from.")
        .field("bound_cidrs", FieldType.COMMA_TEXTS, "Old name of token_bound_cidrs.")
        .field("token_type", FieldType.TEXT, "service, batch, default-service, default-batch.")
        .field("token_num_uses", FieldType.INTEGER, "Requests they may make; 0: any number.")
        .field("token_no_default_policy", FieldType.FLAG, "Leaves the policy default out.")
        .field("allowed_entity_aliases", FieldType.COMMA_TEXTS, "Aliases they may be made for.")
        .exists(call -> roles
            .named(SystemCall.of(call).transaction(), call.captured("role_name"))
            .isPresent())
        .on(Operation.READ, call -> read(SystemCall.of(call)))
        .on(Operation.UPDATE, call -> write(SystemCall.of(call)))
        .on(Operation.DELETE, call -> delete(SystemCall.of(call)))
        .before(call -> requireName(call.captured("role_name")));
    Route names = Route.at("roles", "Names of the roles.")
        .on(Operation.LIST, call -> list(SystemCall.of(call)));
    return List.of(names, role);
  }

  /** A name that cannot be one is no path of a role. */
  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new VaultException(ErrorCode.NOT_FOUND, "unsupported path");
    }
  }

  private Response list(SystemCall call) {
    List<String> names = roles.names(call.transaction());
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  private Response read(SystemCall call) {
    String name = call.captured("role_name");
    return roles
        .named(call.transaction(), name)
        .map(role -> describe(name, role))
        .orElse(Response.empty());
  }

  private static Response describe(String name, RoleRecord role) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("name", name);
    members.put("allowed_policies", role.allowed());
    members.put("allowed_policies_glob", role.allowedGlobs());
    members.put("disallowed_policies", role.disallowed());
    members.put("disallowed_policies_glob", role.disallowedGlobs());
    members.put("orphan", role.orphan());
    members.put("renewable", role.renewable());
    members.put("path_suffix", role.pathSuffix());
    members.put("token_period", role.period().toSeconds());
    members.put("period", ifOld(role, "period", role.period()).toSeconds());
    members.put("token_explicit_max_ttl", role.explicitMaxTtl().toSeconds());
    members.put(
        "explicit_max_ttl",
        ifOld(role, "explicit_max_ttl", role.explicitMaxTtl()).toSeconds());
    members.put("token_type", role.type().text());
    members.put("token_no_default_policy", role.noDefaultPolicy());
    members.put(
        "allowed_entity_aliases", role.entityAliases().isEmpty() ? null : role.entityAliases());
    if (!role.boundCidrs().isEmpty()) {
      List<String> blocks = role.boundCidrs().stream().map(Cidr::toString).toList();
      members.put("token_bound_cidrs", blocks);
      if (role.oldNames().contains("bound_cidrs")) {
        members.put("bound_cidrs", blocks);
      }
    }
    if (role.numUses() > 0) {
      members.put("token_num_uses", role.numUses());
    }
    return Response.of(Payload.of(members));
  }

  private static Duration ifOld(RoleRecord role, String oldName, Duration value) {
    return role.oldNames().contains(oldName) ? value : Duration.ZERO;
  }

  private Response delete(SystemCall call) {
    roles.delete(call.transaction(), call.captured("role_name"));
    return Response.empty();
  }

  private Response write(SystemCall call) {
    String name = call.captured("role_name");
    Given given = new Given(call);
    RoleRecord role = given.over(roles.named(call.transaction(), name).orElse(RoleRecord.NEW));
    requireBatchable(role);
    roles.put(call.transaction(), name, role);
    Response response = Response.empty();
    for (String warning : given.warnings) {
      response = response.withWarning(warning);
    }
    Duration max = lifetimes.rules(call.transaction()).maxTtl();
    return role.explicitMaxTtl().compareTo(max) <= 0
        ? response
        : response.withWarning(
            "Given explicit max TTL of " + role.explicitMaxTtl().toSeconds()
                + " is greater than system/mount allowed value of " + max.toSeconds()
                + " seconds; tokens of this role live no longer than that");
  }

  /** Batch tokens are not stored: nothing about them can change or be counted. */
  private static void requireBatchable(RoleRecord role) {
    if (role.type() != TokenTypeRule.BATCH) {
      return;
    }
    requireNot(!role.orphan(), "non-orphan tokens");
    requireNot(!role.period().isZero(), "periodic tokens");
    requireNot(role.renewable(), "renewable tokens");
    requireNot(!role.explicitMaxTtl().isZero(), "tokens with an explicit max TTL");
    requireNot(role.numUses() > 0, "tokens with limited use count");
  }

  private static void requireNot(boolean wrong, String what) {
    if (wrong) {
      throw refused("'token_type' cannot be 'batch' when role is set to generate " + what);
    }
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }

  /** What a write gives; what it does not give stays as it is. */
  private static final class Given {
    private final SystemCall call;
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> oldNames = new TreeSet<>();

    Given(SystemCall call) {
      this.call = call;
    }

    RoleRecord over(RoleRecord before) {
      oldNames.addAll(before.oldNames());
      return new RoleRecord(
          allowed("allowed_policies", before.allowed()),
          allowed("allowed_policies_glob", before.allowedGlobs()),
          names("disallowed_policies", before.disallowed()),
          names("disallowed_policies_glob", before.disallowedGlobs()),
          call.flag("orphan").orElse(before.orphan()),
          call.flag("renewable").orElse(before.renewable()),
          suffix(before.pathSuffix()),
          duration("token_period", "period", before.period()),
          duration("token_explicit_max_ttl", "explicit_max_ttl", before.explicitMaxTtl()),
          cidrs(before.boundCidrs()),
          type(before.type()),
          numUses(before.numUses()),
          call.flag("token_no_default_policy").orElse(before.noDefaultPolicy()),
          names("allowed_entity_aliases", before.entityAliases()),
          oldNames);
    }

    private List<String> allowed(String field, List<String> before) {
      if (!call.has(field)) {
        return before;
      }
      List<String> names = names(field, before);
      if (names.contains(PolicyStore.RESPONSE_WRAPPING)) {
        throw refused("cannot assign policy \"" + PolicyStore.RESPONSE_WRAPPING + "\"");
      }
      return List.copyOf(TokenPolicies.sanitized(names, /* withDefault= */ false));
    }

    private List<String> names(String field, List<String> before) {
      if (!call.has(field)) {
        return before;
      }
      TokenPolicies.requireNames(field, call.texts(field), MAX_ELEMENTS);
      return List.copyOf(PolicyStore.fold(call.texts(field)));
    }

    private String suffix(String before) {
      if (!call.has("path_suffix")) {
        return before;
      }
      String suffix = call.text("path_suffix").orElse("");
      if (suffix.isEmpty()) {
        return suffix;
      }
      if (suffix.length() > MAX_SUFFIX_LENGTH || !SUFFIX.matcher(suffix).find()) {
        throw refused("given role path suffix contains invalid characters; must match "
            + "\\w[\\w-.]+\\w and have at most " + MAX_SUFFIX_LENGTH + " characters");
      }
      if (suffix.contains("..")) {
        throw refused("error registering path suffix: path cannot contain parent references");
      }
      try {
        VaultPath.requireRelative(suffix);
      } catch (IllegalArgumentException e) {
        throw refused("error registering path suffix: " + e.getMessage());
      }
      return suffix;
    }

    private Duration duration(String name, String oldName, Duration before) {
      return called(name, oldName).map(call::positive).orElse(before);
    }

    private List<Cidr> cidrs(List<Cidr> before) {
      Optional<String> field = called("token_bound_cidrs", "bound_cidrs");
      if (field.isEmpty()) {
        return before;
      }
      List<String> texts = call.texts(field.get());
      if (texts.size() > MAX_ELEMENTS) {
        throw refused("'" + field.get() + "' has at most " + MAX_ELEMENTS + " elements");
      }
      try {
        return Cidr.parseAll(texts);
      } catch (IllegalArgumentException e) {
        throw refused("error parsing " + field.get() + ": " + e.getMessage());
      }
    }

    /** Returns the name under which something is given; the new one counts where both are. */
    private Optional<String> called(String name, String oldName) {
      if (call.has(name)) {
        oldNames.remove(oldName);
        if (call.has(oldName)) {
          warnings.add("Both '" + name + "' and deprecated '" + oldName
              + "' value supplied, ignoring the deprecated value");
        }
        return Optional.of(name);
      }
      if (call.has(oldName)) {
        oldNames.add(oldName);
        return Optional.of(oldName);
      }
      return Optional.empty();
    }

    private TokenTypeRule type(TokenTypeRule before) {
      if (!call.has("token_type")) {
        return before;
      }
      String text =
          call.text("token_type").orElseThrow(() -> refused("Invalid 'token_type' value: null"));
      return TokenTypeRule.named(text)
          .orElseThrow(() -> refused("invalid 'token_type' value \"" + shown(text) + "\""));
    }

    private static String shown(String text) {
      return text.length() <= 32 ? text : text.substring(0, 32) + "...";
    }

    private int numUses(int before) {
      long uses = call.integer("token_num_uses").orElse(before);
      if (uses < 0) {
        throw refused("'token_num_uses' cannot be negative");
      }
      if (uses > Integer.MAX_VALUE) {
        throw refused("'token_num_uses' is at most " + Integer.MAX_VALUE);
      }
      return (int) uses;
    }
  }
}
