package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.auth.basic.SecretIds.Found;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code role/:name/secret-id…}: makes, shows, lists and removes secret ids, and tidies them. */
final class SecretIdPath {
  static final int MAX_SECRET_ID = 4096;

  private static final int MAX_PAIRS = 63;
  private static final int MAX_KEY_BYTES = 128;
  private static final int MAX_VALUE_BYTES = 512;
  private static final int TIDIED_AT_ONCE = 1000;
  private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9=/+_-]+");

  private final Roles roles;
  private final SecretIds secretIds;
  private final Identifiers identifiers;

  SecretIdPath(Roles roles, SecretIds secretIds, Identifiers identifiers) {
    this.roles = roles;
    this.secretIds = secretIds;
    this.identifiers = identifiers;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(withSettings(Route.at("role/{role_name}/secret-id", "A role's secret ids.")))
            .on(Operation.UPDATE, call -> make(call, "/secret-id", identifiers.next()))
            .on(Operation.LIST, this::list),
        withSettings(Route.at("role/{role_name}/custom-secret-id", "A chosen secret id."))
            .field("secret_id", FieldType.TEXT, "The secret id.")
            .on(Operation.UPDATE, call -> make(call, "/custom-secret-id", chosen(call))),
        bySecretId("secret-id/lookup").on(Operation.UPDATE, this::lookup),
        bySecretId("secret-id/destroy")
            .on(Operation.UPDATE, this::destroy)
            .on(Operation.DELETE, this::destroy),
        byAccessor("secret-id-accessor/lookup").on(Operation.UPDATE, this::lookupAccessor),
        byAccessor("secret-id-accessor/destroy")
            .on(Operation.UPDATE, this::destroyAccessor)
            .on(Operation.DELETE, this::destroyAccessor),
        Route.at("tidy/secret-id", "Removes secret ids that have expired.")
            .on(Operation.UPDATE, this::tidy));
  }

  private static Route withSettings(Route route) {
    return route
        .field("metadata", FieldType.TEXT, "Of the tokens: a JSON object of texts.")
        .field("cidr_list", FieldType.COMMA_TEXTS, "Where logins with it must come from.")
        .field(
            "token_bound_cidrs",
            FieldType.COMMA_TEXTS,
            "Where requests of the tokens must come from.")
        .field("num_uses", FieldType.INTEGER, "Logins with it; at most the role's.")
        .field("ttl", FieldType.DURATION, "Its lifetime; at most the role's.");
  }

  private static Route bySecretId(String path) {
    return Route.at("role/{role_name}/" + path, "A secret id.")
        .field("secret_id", FieldType.TEXT, "The secret id.");
  }

  private static Route byAccessor(String path) {
    return Route.at("role/{role_name}/" + path, "The secret id of an accessor.")
        .field("secret_id_accessor", FieldType.TEXT, "The accessor.");
  }

  private Role role(Call call, String after) {
    String name = NameRule.folded(call, "role_name", "role/", after);
    return roles
        .find(call.storage(), name)
        .orElseThrow(
            () -> new VaultException(ErrorCode.NOT_FOUND, "role \"" + name + "\" does not exist"));
  }

  private static String chosen(Call call) {
    String chosen = required(call, "secret_id");
    if (!chosen.equals(chosen.strip())) {
      throw refused("secret_id has no space around it"); // logins do not count it
    }
    return chosen;
  }

  private static String required(Call call, String field) {
    String text = call.text(field).orElse("");
    if (text.isEmpty()) {
      throw refused("missing " + field);
    }
    if (text.length() > MAX_SECRET_ID) {
      throw refused(field + " has at most " + MAX_SECRET_ID + " characters");
    }
    return text;
  }

  private Response make(Call call, String after, String text) {
    Role role = role(call, after);
    if (!role.bindSecretId()) {
      throw refused("bind_secret_id is not set on the role");
    }
    List<Cidr> cidrs = TokenParameters.cidrs(call, "cidr_list");
    requireWithin(cidrs, role.secretIdCidrs(), "cidr_list");
    List<Cidr> tokenCidrs = TokenParameters.cidrs(call, "token_bound_cidrs");
    requireWithin(tokenCidrs, role.tokens().boundCidrs(), "token_bound_cidrs");
    int numUses = numUses(call, role);
    Duration ttl = ttl(call, role);
    Duration effective = ttl.compareTo(call.maxLeaseTtl()) > 0 ? call.maxLeaseTtl() : ttl;
    SecretId secretId = new SecretId(
        identifiers.next(),
        numUses,
        ttl,
        call.now(),
        call.now(),
        effective.isZero() ? Optional.empty() : Optional.of(call.now().plus(effective)),
        metadata(call),
        cidrs,
        tokenCidrs);
    if (!secretIds.add(call.storage(), role, text, secretId)) {
      throw refused("SecretID is already registered");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("secret_id", text);
    members.put("secret_id_accessor", secretId.accessor());
    members.put("secret_id_ttl", effective.toSeconds());
    members.put("secret_id_num_uses", numUses);
    return Response.of(Payload.of(members)).withAccessor(secretId.accessor());
  }

  private static void requireWithin(List<Cidr> blocks, List<Cidr> roles, String field) {
    boolean within = roles.isEmpty()
        || blocks.stream().allMatch(block -> roles.stream().anyMatch(one -> one.covers(block)));
    if (!within) {
      throw refused(field + " must lie within the blocks of the role");
    }
  }

  private static int numUses(Call call, Role role) {
    if (!call.has("num_uses")) {
      return role.secretIdNumUses();
    }
    int uses = RoleSettings.numUses(call, "num_uses");
    boolean more = uses == 0 || uses > role.secretIdNumUses();
    if (role.secretIdNumUses() > 0 && more) {
      throw refused("num_uses cannot be higher than the role's secret_id_num_uses");
    }
    return uses;
  }

  private static Duration ttl(Call call, Role role) {
    if (!call.has("ttl")) {
      return role.secretIdTtl();
    }
    Duration ttl = RoleSettings.lifetime(call, "ttl");
    boolean longer = ttl.isZero() || ttl.compareTo(role.secretIdTtl()) > 0;
    if (!role.secretIdTtl().isZero() && longer) {
      throw refused("ttl cannot be longer than the role's secret_id_ttl");
    }
    return ttl;
  }

  /** A JSON object of texts, or {@code name=value} with commas between them. */
  private static Map<String, String> metadata(Call call) {
    String text = call.text("metadata").orElse("").strip();
    Map<String, String> pairs = new LinkedHashMap<>();
    if (text.startsWith("{")) {
      try {
        Payload.parse(text).toMap().forEach((key, value) -> {
          if (!(value instanceof String one)) {
            throw new IllegalArgumentException();
          }
          pairs.put(key, one);
        });
      } catch (IllegalArgumentException e) {
        throw notMetadata();
      }
    } else if (!text.isEmpty()) {
      for (String pair : text.split(",", MAX_PAIRS + 2)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw notMetadata();
        }
        pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
      }
    }
    boolean fits = pairs.size() <= MAX_PAIRS
        && pairs.entrySet().stream()
            .allMatch(pair -> KEY.matcher(pair.getKey()).matches()
                && !pair.getKey().startsWith("vault-")
                && bytes(pair.getKey()) <= MAX_KEY_BYTES
                && bytes(pair.getValue()) <= MAX_VALUE_BYTES);
    if (!fits) {
      throw refused("metadata has at most " + MAX_PAIRS + " pairs, keys of at most " + MAX_KEY_BYTES
          + " letters, digits and =/+_-, values of at most " + MAX_VALUE_BYTES + " bytes");
    }
    return pairs;
  }

  private static VaultException notMetadata() {
    return refused("failed to parse metadata: expected a JSON object with string values");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private Response list(Call call) {
    return Page.answer(call, secretIds.accessors(call.storage(), role(call, "/secret-id")));
  }

  private Response lookup(Call call) {
    return find(call, role(call, "/secret-id/lookup"))
        .map(found -> found.secretId().describe())
        .orElse(Response.empty());
  }

  private Optional<Found> find(Call call, Role role) {
    return secretIds.find(call.storage(), role, required(call, "secret_id"), call.now());
  }

  private Response destroy(Call call) {
    Role role = role(call, "/secret-id/destroy");
    find(call, role).ifPresent(found -> secretIds.delete(call.storage(), role, found));
    return Response.empty();
  }

  private Response lookupAccessor(Call call) {
    return findByAccessor(call, role(call, "/secret-id-accessor/lookup"))
        .secretId()
        .describe();
  }

  private Response destroyAccessor(Call call) {
    Role role = role(call, "/secret-id-accessor/destroy");
    secretIds.delete(call.storage(), role, findByAccessor(call, role));
    return Response.empty();
  }

  private Found findByAccessor(Call call, Role role) {
    String accessor = required(call, "secret_id_accessor");
    return secretIds
        .findByAccessor(call.storage(), role, accessor, call.now())
        .orElseThrow(() -> new VaultException(
            ErrorCode.NOT_FOUND, "failed to find accessor entry for secret_id_accessor"));
  }

  private Response tidy(Call call) {
    int removed = secretIds.removeExpired(call.storage(), call.now(), TIDIED_AT_ONCE);
    return Response.empty()
        .withWarning(
            removed == TIDIED_AT_ONCE
                ? "Tidy operation has removed " + removed + " secret IDs; there may be more."
                : "Tidy operation has been carried out.");
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}
