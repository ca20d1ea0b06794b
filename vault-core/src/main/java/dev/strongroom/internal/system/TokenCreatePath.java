package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.ClientToken;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.Draft;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Issued;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code auth/token/create} and {@code create-orphan}: makes service tokens. Same rules, order of
 * checks and texts as OpenBao v2.6.2 {@code vault/token_store.go} (handleCreateCommon).
 */
final class TokenCreatePath {
  /**
   * Clients of the reference choose short ones; who wants a token to be hard to guess chooses none.
   */
  private static final Pattern CHOSEN_ID = Pattern.compile("[A-Za-z0-9_-]{8,1024}");

  private final TokenStore tokens;
  private final PolicyStore policies;
  private final TokenLifetimes lifetimes;

  TokenCreatePath(TokenStore tokens, PolicyStore policies, TokenLifetimes lifetimes) {
    this.tokens = tokens;
    this.policies = policies;
    this.lifetimes = lifetimes;
  }

  List<Route> routes() {
    return List.of(
        create("create", "Makes a child of the caller's token.", false),
        create("create-orphan", "Makes a token that outlives the caller's.", true));
  }

  private Route create(String pattern, String help, boolean orphan) {
    return Route.at(pattern, help)
        .field("id", FieldType.TEXT, "The token itself, chosen; needs sudo.")
        .field(
            "policies",
            FieldType.TEXTS,
            "Names; without sudo some of the caller's. Default: all of the caller's.")
        .field("meta", FieldType.PAIRS, "Attached to the token.")
        .field("no_parent", FieldType.FLAG, "Makes an orphan; needs sudo.")
        .field("no_default_policy", FieldType.FLAG, "Leaves the policy default out.")
        .field("renewable", FieldType.FLAG, "Whether it can be renewed. Default: true.")
        .field("ttl", FieldType.DURATION, "Lifetime. Default: the mount's.")
        .field("lease", FieldType.DURATION, "Old name of ttl.")
        .field("explicit_max_ttl", FieldType.DURATION, "Longest lifetime, renewals included.")
        .field(
            "period", FieldType.DURATION, "Lifetime after each renewal, without end; needs sudo.")
        .field("num_uses", FieldType.INTEGER, "Requests it may make; 0: any number.")
        .field("display_name", FieldType.TEXT, "For people.")
        .field("type", FieldType.TEXT, "service.")
        .field("entity_alias", FieldType.TEXT, "Only with a token role.")
        .on(Operation.UPDATE, call -> create(SystemCall.of(call), orphan));
  }

  private Response create(SystemCall call, boolean orphanPath) {
    Caller caller = call.caller();
    boolean sudo = caller.acl().ruleFor(Operation.READ, call.requestPath()).sudo();
    if (caller.isUseLimited()) {
      throw refused("restricted use token cannot generate child tokens");
    }
    requireServiceToken(call);
    int numUses = numUses(call);
    Optional<ClientToken> chosen = call.given("id").map(id -> chosenId(id, sudo));
    List<String> names = policies(call, caller.token(), sudo);
    boolean orphan = orphan(call, orphanPath, sudo);
    Duration ttl = lifetime(call, call.has("ttl") || !call.has("lease") ? "ttl" : "lease");
    Duration explicitMax = lifetime(call, "explicit_max_ttl");
    Duration period = period(call, sudo);
    Granted granted = grant(call, names, ttl, explicitMax, period);
    Issued issued = tokens.create(
        call.transaction(),
        Draft.orphan(call.requestPath(), displayName(call), names)
            .madeBy(caller.hash(), orphan)
            .withMeta(call.pairs("meta"))
            .withNumUses(numUses)
            .withTtl(
                granted.ttl(),
                call.flag("renewable").orElse(true) && !granted.ttl().isZero())
            .withLimits(explicitMax, period),
        chosen);
    return withWarnings(
        call,
        Response.of(tokens.auth(
            call.transaction(), Optional.of(issued.token()), issued.record(), granted.ttl())),
        names,
        granted);
  }

  private Response withWarnings(
      SystemCall call, Response response, List<String> names, Granted granted) {
    Response warned = response;
    if (granted.warning().isPresent()) {
      warned = warned.withWarning(granted.warning().get());
    }
    if (call.given("id").isPresent()) {
      warned = warned.withWarning("A chosen token ID is only as hard to guess as it was made");
    }
    for (String name : names) {
      if (!name.equals(PolicyStore.ROOT)
          && policies.read(call.transaction(), name).isEmpty()) {
        warned = warned.withWarning("Policy \"" + name + "\" does not exist");
      }
    }
    return warned;
  }

  private static void requireServiceToken(SystemCall call) {
    String type = call.text("type").orElse("");
    if (type.equals("batch")) {
      throw refused("batch tokens are not supported yet");
    }
    if (!type.isEmpty() && !type.equals("service")) {
      throw refused("invalid 'token_type' value");
    }
    if (call.given("entity_alias").isPresent()) {
      throw refused("'entity_alias' is only allowed in combination with token role");
    }
  }

  private static int numUses(SystemCall call) {
    long wanted = call.integer("num_uses").orElse(0);
    if (wanted < 0) {
      throw refused("number of uses cannot be negative");
    }
    if (wanted > Integer.MAX_VALUE) {
      throw refused("number of uses is at most " + Integer.MAX_VALUE);
    }
    return (int) wanted;
  }

  private static ClientToken chosenId(String id, boolean sudo) {
    if (!sudo) {
      throw refused("root or sudo privileges required to specify token id");
    }
    for (String prefix : List.of("hvs.", "s.")) {
      if (id.startsWith(prefix)) {
        throw refused("custom token ID cannot have the '" + prefix + "' prefix");
      }
    }
    if (id.contains(".")) {
      throw refused("custom token ID cannot have a '.' in the value");
    }
    if (!CHOSEN_ID.matcher(id).matches()) {
      throw refused(
          "custom token ID must have 8 to 1,024 characters of A-Z, a-z, 0-9, '_' and '-'");
    }
    return ClientToken.parse(id);
  }

  /**
   * The policies of the new token: what was asked for, checked against the parent's, and
   * {@code default} where the parent has it.
   */
  private static List<String> policies(SystemCall call, TokenRecord parent, boolean sudo) {
    NavigableSet<String> wanted = PolicyStore.fold(call.texts("policies"));
    if (!wanted.stream().allMatch(VaultPath::isPrintable)) {
      throw refused("policy names consist of printable characters");
    }
    boolean inherits = wanted.isEmpty();
    if (inherits) {
      wanted.addAll(parent.policies());
    } else if (!sudo && !parent.policies().containsAll(wanted)) {
      throw refused("child policies must be subset of parent");
    }
    if (wanted.contains(PolicyStore.ROOT)) {
      if (!parent.isRoot()) {
        throw refused("root tokens may not be created without parent token being root");
      }
      return List.of(PolicyStore.ROOT);
    }
    if (wanted.contains(PolicyStore.RESPONSE_WRAPPING)) {
      throw refused("cannot assign policy \"" + PolicyStore.RESPONSE_WRAPPING + "\"");
    }
    if (!inherits && (sudo || parent.policies().contains(PolicyStore.DEFAULT))) {
      wanted.add(PolicyStore.DEFAULT);
    }
    if (call.flag("no_default_policy").orElse(false)) {
      wanted.remove(PolicyStore.DEFAULT);
    }
    return List.copyOf(wanted);
  }

  private static boolean orphan(SystemCall call, boolean orphanPath, boolean sudo) {
    boolean noParent = call.flag("no_parent").orElse(false);
    if (noParent && !orphanPath && !sudo) {
      throw refused("root or sudo privileges required to create orphan token");
    }
    return orphanPath || noParent;
  }

  /** A root token lives as long as its explicit maximum, or for ever; not if its parent expires. */
  private Granted grant(
      SystemCall call, List<String> names, Duration ttl, Duration explicitMax, Duration period) {
    boolean endless = names.contains(PolicyStore.ROOT) && ttl.isZero() && period.isZero();
    if (endless && explicitMax.isZero() && call.caller().token().expiresAt().isPresent()) {
      throw refused("expiring root tokens cannot create non-expiring root tokens");
    }
    return endless
        ? new Granted(explicitMax, Optional.empty())
        : lifetimes
            .rules(call.transaction())
            .grant(ttl, period, explicitMax, call.now(), call.now());
  }

  private static Duration period(SystemCall call, boolean sudo) {
    Duration period = lifetime(call, "period");
    if (!period.isZero() && !sudo) {
      throw refused("root or sudo privileges required to create periodic token");
    }
    return period;
  }

  private static Duration lifetime(SystemCall call, String field) {
    Duration duration = call.duration(field).orElse(Duration.ZERO);
    if (duration.isNegative()) {
      throw refused(field + " must be positive");
    }
    return duration;
  }

  private static String displayName(SystemCall call) {
    String name = call.text("display_name").orElse("");
    String full = name.isEmpty() ? "token" : "token-" + name.replaceAll("[^A-Za-z0-9-]", "-");
    return full.endsWith("-") ? full.substring(0, full.length() - 1) : full;
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}
