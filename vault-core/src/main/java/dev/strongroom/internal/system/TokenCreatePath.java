package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.identity.Entity;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.Draft;
import dev.strongroom.internal.token.RoleRecord;
import dev.strongroom.internal.token.TokenRecord;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Issued;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.internal.token.TtlRules.Granted;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenTypeRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code auth/token/create}, also with a role, and {@code create-orphan}: makes tokens. Same rules,
 * order of checks and texts as OpenBao v2.6.2 {@code vault/token_store.go} (handleCreateCommon).
 */
final class TokenCreatePath {
  private static final Pattern CHOSEN_ID = Pattern.compile("[A-Za-z0-9_-]{1,1024}");
  private static final int MIN_CHOSEN_ID_LENGTH = 8;

  private static final int MAX_DISPLAY_NAME_LENGTH = 256;
  private static final int MAX_PAIRS = 256;
  private static final int MAX_PAIR_BYTES = 4_096;

  private final TokenStore tokens;
  private final PolicyStore policies;
  private final IdentityStore identities;
  private final TokenLifetimes lifetimes;
  private final int minIdLength;

  TokenCreatePath(
      TokenStore tokens,
      PolicyStore policies,
      IdentityStore identities,
      TokenLifetimes lifetimes,
      boolean guessableIds) {
    this.minIdLength = guessableIds ? 1 : MIN_CHOSEN_ID_LENGTH;
    this.tokens = tokens;
    this.policies = policies;
    this.identities = identities;
    this.lifetimes = lifetimes;
  }

  List<Route> routes() {
    return List.of(
        create("create", "Makes a child of the caller's token.", false),
        create("create-orphan", "Makes a token that outlives the caller's.", true),
        create("create/{role_name}", "Makes a token as a role says.", false));
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
        .field("type", FieldType.TEXT, "service or batch. Default: service.")
        .field("entity_alias", FieldType.TEXT, "Only with a token role.")
        .on(Operation.UPDATE, call -> create(SystemCall.of(call), orphan, role(call, pattern)));
  }

  /** A role as it is used; named because a token remembers its name. */
  private record Used(String name, RoleRecord role) {}

  private Optional<Used> role(Call call, String pattern) {
    if (!pattern.endsWith("{role_name}")) {
      return Optional.empty();
    }
    String name = call.captured("role_name");
    return Optional.of(tokens
        .roles()
        .named(SystemCall.of(call).transaction(), name)
        .map(role -> new Used(name, role))
        .orElseThrow(() -> refused("unknown role " + name)));
  }

  private Response create(SystemCall call, boolean orphanPath, Optional<Used> used) {
    Caller caller = call.caller();
    Optional<RoleRecord> role = used.map(Used::role);
    boolean sudo = caller.acl().ruleFor(Operation.READ, call.requestPath()).sudo();
    if (caller.token().isBatch()) {
      throw refused("batch tokens cannot create more tokens");
    }
    if (caller.isUseLimited()) {
      throw refused("restricted use token cannot generate child tokens");
    }
    TokenType type = type(call, role);
    int numUses = numUses(call, role);
    if (type == TokenType.BATCH) {
      requireBatchable(call, numUses);
    }
    Optional<String> entity = entity(call, role);
    Optional<ClientToken> chosen = call.given("id").map(id -> chosenId(id, sudo));
    List<String> names = new TokenPolicies(
            call.texts("policies"),
            call.flag("no_default_policy").orElse(false),
            caller.token(),
            sudo)
        .resolve(role);
    if (type == TokenType.BATCH && names.contains(PolicyStore.ROOT)) {
      throw refused("batch tokens cannot be root tokens");
    }
    boolean orphan = role.map(RoleRecord::orphan).orElseGet(() -> orphan(call, orphanPath, sudo));
    Lifetimes wanted = Lifetimes.of(call, role, type, sudo);
    Granted granted = grant(call, names, wanted);
    boolean renewable = call.flag("renewable").orElse(true)
        && role.map(RoleRecord::renewable).orElse(true)
        && type == TokenType.SERVICE
        && !granted.ttl().isZero();
    Draft draft = Draft.orphan(path(call, role), displayName(call), names)
        .madeBy(caller.hash(), orphan)
        .withType(type)
        .withRole(used.map(Used::name))
        .withEntity(entity)
        .withMeta(meta(call))
        .withNumUses(numUses)
        .withBoundCidrs(boundCidrs(caller.token(), role, orphan))
        .withTtl(granted.ttl(), renewable);
    Issued issued = tokens.create(
        call.transaction(),
        // A batch token that ends with its time needs no other limits.
        type == TokenType.BATCH
            ? draft
            : draft.withLimits(wanted.askedExplicitMax, wanted.askedPeriod),
        chosen);
    return withWarnings(
        call,
        Response.of(tokens.auth(
            call.transaction(), Optional.of(issued.token()), issued.record(), granted.ttl())),
        names,
        granted,
        wanted);
  }

  private static String path(SystemCall call, Optional<RoleRecord> role) {
    String suffix = role.map(RoleRecord::pathSuffix).orElse("");
    return suffix.isEmpty() ? call.requestPath() : call.requestPath() + "/" + suffix;
  }

  /** A role can bind its tokens closer than their maker is bound, not looser. */
  private static List<Cidr> boundCidrs(
      TokenRecord maker, Optional<RoleRecord> role, boolean orphan) {
    List<Cidr> ofRole = role.map(RoleRecord::boundCidrs).orElse(List.of());
    if (orphan || ofRole.isEmpty() || maker.boundCidrs().isEmpty()) {
      return ofRole;
    }
    List<Cidr> common = Cidr.common(ofRole, maker.boundCidrs());
    if (common.isEmpty()) {
      throw refused("the role's token_bound_cidrs hold no address of the caller's token");
    }
    return common;
  }

  /** Returns whose the token is to be, where the request says so. */
  private Optional<String> entity(SystemCall call, Optional<RoleRecord> role) {
    Optional<String> alias = call.given("entity_alias");
    if (alias.isEmpty()) {
      return Optional.empty();
    }
    if (role.isEmpty()) {
      throw refused("'entity_alias' is only allowed in combination with token role");
    }
    if (!role.get().allowsEntityAlias(alias.get())) {
      throw refused("invalid 'entity_alias' value");
    }
    String accessor = lifetimes.mount(call.transaction()).accessor();
    identities
        .entities()
        .byAlias(call.transaction(), accessor, alias.get())
        .filter(Entity::disabled)
        .ifPresent(entity -> {
          throw new VaultException(
              ErrorCode.PERMISSION_DENIED, "entity from given entity alias is disabled");
        });
    return Optional.of(
        identities.ofLogin(call.transaction(), accessor, alias.get(), Map.of()).id());
  }

  private Response withWarnings(
      SystemCall call, Response response, List<String> names, Granted granted, Lifetimes wanted) {
    Response warned = response;
    for (String warning : wanted.warnings) {
      warned = warned.withWarning(warning);
    }
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

  private static TokenType type(SystemCall call, Optional<RoleRecord> role) {
    String text = call.text("type").orElse("");
    Optional<TokenType> asked =
        Stream.of(TokenType.values()).filter(type -> type.text().equals(text)).findFirst();
    TokenTypeRule rule = role.map(RoleRecord::type).orElse(TokenTypeRule.DEFAULT_SERVICE);
    boolean decided = rule == TokenTypeRule.SERVICE || rule == TokenTypeRule.BATCH;
    if (asked.isEmpty() && !text.isEmpty() && !decided) {
      throw refused("invalid 'token_type' value");
    }
    return rule.typeFor(asked);
  }

  /** What cannot be revoked or counted must end with its time. */
  private static void requireBatchable(SystemCall call, int numUses) {
    requireUnset("explicit_max_ttl", isSet(call, "explicit_max_ttl"));
    requireUnset("num_uses", numUses != 0);
    requireUnset("period", isSet(call, "period"));
    requireUnset("id", call.given("id").isPresent());
  }

  private static boolean isSet(SystemCall call, String duration) {
    return call.duration(duration).filter(value -> !value.isZero()).isPresent();
  }

  private static void requireUnset(String field, boolean set) {
    if (set) {
      throw refused("batch tokens cannot have \"" + field + "\" set");
    }
  }

  private static int numUses(SystemCall call, Optional<RoleRecord> role) {
    long wanted = call.integer("num_uses").orElse(0);
    if (wanted < 0) {
      throw refused("number of uses cannot be negative");
    }
    if (wanted > Integer.MAX_VALUE) {
      throw refused("number of uses is at most " + Integer.MAX_VALUE);
    }
    int limit = role.map(RoleRecord::numUses).orElse(0);
    return limit == 0 || (wanted != 0 && wanted < limit) ? (int) wanted : limit;
  }

  private ClientToken chosenId(String id, boolean sudo) {
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
    if (id.length() < minIdLength || !CHOSEN_ID.matcher(id).matches()) {
      throw refused("custom token ID must have " + minIdLength
          + " to 1,024 characters of A-Z, a-z, 0-9, '_' and '-'");
    }
    return ClientToken.parse(id);
  }

  private static boolean orphan(SystemCall call, boolean orphanPath, boolean sudo) {
    boolean noParent = call.flag("no_parent").orElse(false);
    if (noParent && !orphanPath && !sudo) {
      throw refused("root or sudo privileges required to create orphan token");
    }
    return orphanPath || noParent;
  }

  /** A root token lives as long as its explicit maximum, or for ever; not if its parent expires. */
  private Granted grant(SystemCall call, List<String> names, Lifetimes wanted) {
    boolean endless =
        names.contains(PolicyStore.ROOT) && wanted.ttl.isZero() && wanted.period.isZero();
    if (endless
        && wanted.explicitMax.isZero()
        && call.caller().token().expiresAt().isPresent()) {
      throw refused("expiring root tokens cannot create non-expiring root tokens");
    }
    return endless
        ? new Granted(wanted.explicitMax, Optional.empty())
        : lifetimes
            .rules(call.transaction())
            .grant(wanted.ttl, wanted.period, wanted.explicitMax, call.now(), call.now());
  }

  private static String displayName(SystemCall call) {
    String name = call.text("display_name").orElse("");
    if (name.length() > MAX_DISPLAY_NAME_LENGTH) {
      throw refused("display_name has at most " + MAX_DISPLAY_NAME_LENGTH + " characters");
    }
    String full = name.isEmpty() ? "token" : "token-" + name.replaceAll("[^A-Za-z0-9-]", "-");
    return full.endsWith("-") ? full.substring(0, full.length() - 1) : full;
  }

  private static Map<String, String> meta(SystemCall call) {
    Map<String, String> pairs = call.pairs("meta");
    if (pairs.size() > MAX_PAIRS) {
      throw refused("meta has at most " + MAX_PAIRS + " pairs");
    }
    pairs.forEach((key, value) -> {
      if (bytes(key) > MAX_PAIR_BYTES || bytes(value) > MAX_PAIR_BYTES) {
        throw refused("keys and values of meta have at most " + MAX_PAIR_BYTES + " bytes");
      }
    });
    return pairs;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }

  /**
   * How long the token is to live.
   *
   * @param askedPeriod what the request says, without the role
   * @param askedExplicitMax what the request says, without the role
   */
  private record Lifetimes(
      Duration ttl,
      Duration period,
      Duration explicitMax,
      Duration askedPeriod,
      Duration askedExplicitMax,
      List<String> warnings) {

    static Lifetimes of(SystemCall call, Optional<RoleRecord> role, TokenType type, boolean sudo) {
      Duration ttl = lifetime(call, call.has("ttl") || !call.has("lease") ? "ttl" : "lease");
      Duration explicitMax = lifetime(call, "explicit_max_ttl");
      Duration period = lifetime(call, "period");
      if (!period.isZero() && !sudo) {
        throw refused("root or sudo privileges required to create periodic token");
      }
      List<String> warnings = new ArrayList<>();
      Duration ofRole = role.map(RoleRecord::explicitMaxTtl).orElse(Duration.ZERO);
      Duration periodOfRole = type == TokenType.BATCH // it cannot be renewed
          ? Duration.ZERO
          : role.map(RoleRecord::period).orElse(Duration.ZERO);
      return new Lifetimes(
          ttl,
          lesser("Period", period, periodOfRole, warnings),
          lesser("Explicit max TTL", explicitMax, ofRole, warnings),
          period,
          explicitMax,
          warnings);
    }

    private static Duration lesser(
        String what, Duration asked, Duration ofRole, List<String> warnings) {
      Duration lesser = TtlRules.lesser(asked, ofRole);
      if (!asked.isZero() && !ofRole.isZero()) {
        warnings.add(what
            + " specified both during creation call and in role; using the lesser value of "
            + lesser.toSeconds() + " seconds");
      }
      return lesser;
    }

    private static Duration lifetime(SystemCall call, String field) {
      Duration duration = call.duration(field).orElse(Duration.ZERO);
      if (duration.isNegative()) {
        throw refused(field + " must be positive");
      }
      return duration;
    }
  }
}
