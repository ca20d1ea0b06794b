package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.ParsedPolicy;
import dev.strongroom.internal.policy.PolicyRecord;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.policy.PolicySyntaxException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code sys/policies/acl} and the older {@code sys/policy}: reads, writes, deletes and lists
 * policies. Same rules as OpenBao v2.6.2 {@code vault/logical_system.go}, but for names: one that
 * is not in its canonical form is refused instead of folded, because what was authorised is the
 * name as it stands.
 */
final class PolicyPath {
  private static final String NEWER = "policies/acl";
  private static final String OLDER = "policy";
  private static final String SLASHES = "allow_slashes_in_identity_templates";
  private static final String WILDCARDS = "allow_wildcards_in_identity_templates";

  private final PolicyStore policies;

  PolicyPath(PolicyStore policies) {
    this.policies = policies;
  }

  List<Route> routes() {
    return List.of(
        Route.at(NEWER, "Names of the policies.")
            .on(Operation.LIST, call -> list(SystemCall.of(call), "")),
        onePolicy(NEWER)
            .on(Operation.READ, call -> read(SystemCall.of(call), "policy"))
            .on(Operation.LIST, call -> list(SystemCall.of(call), call.captured("name"))),
        Route.at(OLDER, "Names of the policies.")
            .on(Operation.READ, call -> listOlder(SystemCall.of(call), "")),
        onePolicy(OLDER)
            .field("rules", FieldType.TEXT, "Old name of policy.")
            .on(Operation.READ, call -> read(SystemCall.of(call), "rules"))
            .on(Operation.LIST, call -> listOlder(SystemCall.of(call), call.captured("name"))));
  }

  private Route onePolicy(String family) {
    return Route.at(family + "/{name...}", "A policy.")
        .field("policy", FieldType.TEXT, "The text, HCL or JSON, or its base64.")
        .field("expiration", FieldType.TEXT, "From when on it counts as absent, RFC 3339.")
        .field("ttl", FieldType.DURATION, "How long from now until it counts as absent.")
        .field("cas", FieldType.INTEGER, "The version this write replaces; -1: there is none.")
        .field("cas_required", FieldType.FLAG, "Whether the next write must give cas.")
        .field(SLASHES, FieldType.FLAG, "Whether placeholders may be filled with slashes.")
        .field(WILDCARDS, FieldType.FLAG, "Whether they may be filled with wildcards.")
        .on(Operation.UPDATE, call -> write(SystemCall.of(call), family.equals(OLDER)))
        .on(Operation.DELETE, call -> delete(SystemCall.of(call)));
  }

  private Response list(SystemCall call, String prefix) {
    List<String> names = names(call, prefix);
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  private Response listOlder(SystemCall call, String prefix) {
    List<String> names = names(call, prefix);
    return Response.of(Payload.of(Map.of("keys", names, "policies", names)));
  }

  private List<String> names(SystemCall call, String prefix) {
    List<String> names = new ArrayList<>(policies.names(call.transaction(), prefix));
    names.remove(PolicyStore.RESPONSE_WRAPPING);
    if (prefix.isEmpty()) {
      names.add(PolicyStore.ROOT);
    }
    return names;
  }

  private Response read(SystemCall call, String textMember) {
    String name = canonicalName(call);
    if (name.equals(PolicyStore.ROOT)) {
      return Response.of(Payload.of(Map.of(
          "name",
          name,
          textMember,
          "",
          "version",
          0,
          "cas_required",
          false,
          SLASHES,
          false,
          WILDCARDS,
          false)));
    }
    return policies
        .read(call.transaction(), name)
        .map(policy -> describe(name, textMember, policy))
        .orElse(Response.empty());
  }

  private static Response describe(String name, String textMember, PolicyRecord policy) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", name);
    members.put(textMember, policy.text());
    members.put("version", policy.version());
    members.put("cas_required", policy.casRequired());
    members.put(SLASHES, policy.slashesInValues());
    members.put(WILDCARDS, policy.wildcardsInValues());
    members.put("modified", InstantText.format(policy.modified()));
    policy.expiresAt().ifPresent(at -> members.put("expiration", InstantText.format(at)));
    return Response.of(Payload.of(members));
  }

  private Response write(SystemCall call, boolean older) {
    String name = canonicalName(call);
    requireChangeable(call, name, "update");
    Optional<String> given = call.given("policy");
    boolean byOldName = given.isEmpty() && older;
    String text = given
        .or(() -> older ? call.given("rules") : Optional.empty())
        .map(PolicyPath::decoded)
        .orElseThrow(
            () -> new VaultException(INVALID_REQUEST, "'policy' parameter not supplied or empty"));
    Optional<PolicyRecord> before = policies.read(call.transaction(), name);
    checkAndSet(call, before);
    parse(name, text, call.now());
    policies.write(
        call.transaction(),
        name,
        new PolicyRecord(
            text,
            before.map(PolicyRecord::version).orElse(0) + 1,
            call.flag("cas_required").orElse(false),
            expiration(call),
            call.now(),
            call.flag(SLASHES).orElse(false),
            call.flag(WILDCARDS).orElse(false),
            /* declared= */ false));
    return byOldName
        ? Response.empty().withWarning("'rules' is deprecated, please use 'policy' instead")
        : Response.empty();
  }

  private Response delete(SystemCall call) {
    String name = canonicalName(call);
    if (name.equals(PolicyStore.DEFAULT)) {
      return Response.failure(INVALID_REQUEST, "cannot delete default policy");
    }
    requireChangeable(call, name, "delete");
    policies.delete(call.transaction(), name);
    return Response.empty();
  }

  private static void checkAndSet(SystemCall call, Optional<PolicyRecord> before) {
    if (!call.has("cas")) {
      if (before.filter(PolicyRecord::casRequired).isPresent()
          || call.flag("cas_required").orElse(false)) {
        throw new VaultException(INVALID_REQUEST, "check-and-set parameter required for this call");
      }
      return;
    }
    long expected = call.integer("cas").orElse(0);
    if (expected == -1 && before.isPresent()) {
      throw new VaultException(CONFLICT, "check-and-set parameter set to -1 on existing entry");
    }
    if (expected != -1 && expected != before.map(PolicyRecord::version).orElse(0)) {
      throw new VaultException(
          CONFLICT, "check-and-set parameter did not match the current version");
    }
  }

  private static Optional<Instant> expiration(SystemCall call) {
    Optional<Instant> byTtl =
        call.duration("ttl").filter(ttl -> !ttl.isZero()).map(call.now()::plus);
    Optional<Instant> byTime = call.given("expiration").map(PolicyPath::moment);
    if (byTtl.isPresent() && byTime.isPresent()) {
      throw new VaultException(
          INVALID_REQUEST, "cannot supply both 'expiration' and 'ttl' for policies");
    }
    Optional<Instant> expiresAt = byTime.or(() -> byTtl);
    if (expiresAt.filter(at -> !call.now().isBefore(at)).isPresent()) {
      throw new VaultException(
          INVALID_REQUEST, "refusing to update policy as expiration time has already elapsed");
    }
    return expiresAt;
  }

  private static Instant moment(String text) {
    try {
      return InstantText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new VaultException(
          INVALID_REQUEST,
          "Field validation failed: error converting input for field \"expiration\": "
              + e.getMessage());
    }
  }

  /**
   * Base64 is tried first, as the reference does; text that is a policy is hardly ever base64 too.
   */
  static String decoded(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return text;
    }
  }

  private static void parse(String name, String text, Instant now) {
    try {
      ParsedPolicy.parse(name, text, now);
    } catch (PolicySyntaxException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private void requireChangeable(SystemCall call, String name, String verb) {
    if (name.equals(PolicyStore.ROOT) || name.equals(PolicyStore.RESPONSE_WRAPPING)) {
      throw new VaultException(INVALID_REQUEST, "cannot " + verb + " \"" + name + "\" policy");
    }
    if (policies.read(call.transaction(), name).filter(PolicyRecord::declared).isPresent()) {
      throw new VaultException(
          INVALID_REQUEST,
          "cannot " + verb + " policy \"" + name
              + "\": the application declares it, change it there");
    }
  }

  private static String canonicalName(SystemCall call) {
    String name = call.captured("name");
    if (name.isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "policy name must be provided in the URL");
    }
    if (!name.equals(PolicyStore.fold(name))) {
      throw new VaultException(
          INVALID_REQUEST, "policy names are lower case, without space around them");
    }
    return name;
  }
}
