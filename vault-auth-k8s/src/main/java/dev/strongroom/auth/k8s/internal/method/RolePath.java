package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.auth.k8s.internal.method.RoleRecord.Bound;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code role}: makes, reads, changes, lists and removes roles. Behaviour: OpenBao v2.6.2
 * {@code builtin/credential/kubernetes/path_role.go}.
 */
final class RolePath {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private static final String NAMES = "bound_service_account_names";
  private static final String NAMESPACES = "bound_service_account_namespaces";
  private static final String SELECTOR = "bound_service_account_namespace_selector";
  private static final String AUDIENCE = "audience";
  private static final String ALIAS = "alias_name_source";

  /** Means what one star means, and must not pass for less than everything. */
  private static final Pattern RUN_OF_STARS = Pattern.compile("\\*{2,}");

  private static final int MAX_ENTRIES = 1000;
  private static final int MAX_ENTRY = 253;
  private static final int MAX_AUDIENCE = 1024;

  private static final Set<String> TOKEN_SETTINGS = Stream.concat(
          TokenParameters.NAMES.stream(),
          Stream.of("policies", "ttl", "max_ttl", "period", "num_uses", "bound_cidrs"))
      .collect(Collectors.toUnmodifiableSet());

  private final MethodOptions options;

  RolePath(MethodOptions options) {
    this.options = options;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at("role", "Names of the roles."))
            .on(
                Operation.LIST,
                call -> Page.answer(call, call.storage().list(RoleRecord.KIND, ""))),
        TokenParameters.declare(
                Route.at("role/{name}", "Who may log in, and what they get.")
                    .field(NAMES, FieldType.COMMA_TEXTS, "Service accounts; * for any characters.")
                    .field(NAMESPACES, FieldType.COMMA_TEXTS, "Their namespaces, in the same way.")
                    .field(SELECTOR, FieldType.TEXT, "Labels of other namespaces: matchLabels.")
                    .field(AUDIENCE, FieldType.TEXT, "Whom the token must be meant for.")
                    .field(ALIAS, FieldType.TEXT, "serviceaccount_uid or serviceaccount_name."),
                TOKEN_SETTINGS)
            .exists(
                call -> RoleRecord.find(call.storage(), call.captured("name")).isPresent())
            .on(Operation.READ, RolePath::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, RolePath::delete));
  }

  private static Response read(Call call) {
    return RoleRecord.find(call.storage(), NameRule.folded(call, "name", "role/", ""))
        .map(role -> Response.of(Payload.of(describe(role))))
        .orElse(Response.empty());
  }

  private static Map<String, @Nullable Object> describe(RoleRecord role) {
    Bound bound = role.bound();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put(NAMES, bound.names());
    members.put(NAMESPACES, bound.namespaces().isEmpty() ? null : bound.namespaces());
    members.put(SELECTOR, LabelSelector.textOf(bound.selector()));
    members.put(ALIAS, bound.alias().text());
    if (!bound.audience().isEmpty()) {
      members.put(AUDIENCE, bound.audience());
    }
    members.putAll(role.tokens().describe());
    return members;
  }

  private static Response delete(Call call) {
    call.storage().delete(RoleRecord.KIND.at(NameRule.folded(call, "name", "role/", "")));
    return Response.empty();
  }

  private Response write(Call call) {
    String name = NameRule.folded(call, "name", "role/", "");
    Optional<RoleRecord> before = RoleRecord.find(call.storage(), name);
    TokenParameters tokens = tokens(call, before.map(RoleRecord::tokens));
    Bound bound = bound(call, before.map(RoleRecord::bound));
    requireNarrow(bound);
    call.storage().put(RoleRecord.KIND.at(name), new RoleRecord(bound, tokens));
    call.then(() -> {
      logDoubts(name, bound, tokens);
      return warned(call.maxLeaseTtl(), bound, tokens);
    });
    return Response.empty();
  }

  /** What the reference and its clients take for a good answer must not become one with a body. */
  private void logDoubts(String name, Bound bound, TokenParameters tokens) {
    if (bound.audience().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "the Kubernetes role " + name + " has no audience: who gets hold of a token that a pod"
              + " sends elsewhere can log in with it");
    }
    if (!tokens.period().isZero()) {
      LOG.log(
          Level.WARNING,
          "the Kubernetes role " + name + " has a period: its tokens can be renewed without end,"
              + (options.allows(Relaxation.RENEWALS_WITHOUT_ACCOUNT)
                  ? " also when their service accounts are gone"
                  : " and where the vault may not get serviceaccounts also when theirs are gone"));
    }
  }

  private static Response warned(Duration longest, Bound bound, TokenParameters tokens) {
    Response response = Response.empty();
    if (bound.allowsEveryAccount()) {
      response = response.withWarning("the role lets every service account of the cluster log in");
    }
    return tokens.maxTtl().compareTo(longest) > 0
        ? response.withWarning(
            "max_ttl is greater than the system or backend mount's maximum TTL value;"
                + " issued tokens' max TTL value will be truncated")
        : response;
  }

  private static TokenParameters tokens(Call call, Optional<TokenParameters> before) {
    requireOldLifetimesInOrder(call, before.orElse(TokenParameters.NONE));
    TokenParameters tokens = before.orElse(TokenParameters.NONE).changedBy(call, TOKEN_SETTINGS);
    if (tokens.period().compareTo(call.maxLeaseTtl()) > 0) {
      throw Refusals.invalid("token period of '\"" + DurationText.format(tokens.period())
          + "\"' is greater than the backend's maximum lease TTL of '\""
          + DurationText.format(call.maxLeaseTtl()) + "\"'");
    }
    return tokens;
  }

  /** Lifetimes under their old names are compared after the new ones, with a text of their own. */
  private static void requireOldLifetimesInOrder(Call call, TokenParameters before) {
    Duration newTtl = call.duration("token_ttl").orElse(before.ttl());
    Duration newMax = call.duration("token_max_ttl").orElse(before.maxTtl());
    Duration ttl = call.duration("token_ttl").or(() -> call.duration("ttl")).orElse(before.ttl());
    Duration max =
        call.duration("token_max_ttl").or(() -> call.duration("max_ttl")).orElse(before.maxTtl());
    if (isOver(ttl, max) && !isOver(newTtl, newMax)) {
      throw Refusals.invalid("token ttl should not be greater than token max ttl");
    }
  }

  private static boolean isOver(Duration ttl, Duration max) {
    return max.compareTo(Duration.ZERO) > 0 && ttl.compareTo(max) > 0;
  }

  /** A selector that is not given again is gone, as in the reference; that only narrows a role. */
  private static Bound bound(Call call, Optional<Bound> before) {
    List<String> names = globs(call, NAMES, before.map(Bound::names));
    if (names.isEmpty()) {
      throw Refusals.invalid("\"" + NAMES + "\" can not be empty");
    }
    requireStarAlone(names);
    List<String> namespaces = globs(call, NAMESPACES, before.map(Bound::namespaces));
    Optional<LabelSelector> selector = selector(call);
    if (namespaces.isEmpty() && selector.isEmpty()) {
      throw Refusals.invalid(
          "\"" + NAMESPACES + "\" can not be empty if \"" + SELECTOR + "\" is not set");
    }
    requireStarAlone(namespaces);
    return new Bound(
        names,
        namespaces,
        selector,
        audience(call, before.map(Bound::audience)),
        alias(call, before.map(Bound::alias)));
  }

  /** Not in the reference. A role that was stored while it was allowed is not looked at again. */
  private void requireNarrow(Bound bound) {
    if (bound.audience().isEmpty() && !options.allows(Relaxation.ROLES_WITHOUT_AUDIENCE)) {
      throw Refusals.invalid(
          "\"" + AUDIENCE + "\" can not be empty: without one, whoever gets hold of a token that a"
              + " pod sends elsewhere can log in with it. Give a name of this vault, such as"
              + " \"vault\", and mount tokens with it into the pods (serviceAccountToken.audience)");
    }
    if (bound.allowsEveryAccount() && !options.allows(Relaxation.ROLES_FOR_EVERY_ACCOUNT)) {
      throw Refusals.invalid("\"" + NAMES + "\" and \"" + NAMESPACES
          + "\" can not both be \"*\": every service account of the cluster could log in. Give"
          + " names, namespaces, or a selector of namespaces");
    }
  }

  private static List<String> globs(Call call, String field, Optional<List<String>> before) {
    if (!call.has(field)) {
      return before.orElse(List.of());
    }
    List<String> given = call.texts(field);
    if (given.size() > MAX_ENTRIES) {
      throw Refusals.invalid(field + " has at most " + MAX_ENTRIES + " entries");
    }
    for (String entry : given) {
      if (entry.isBlank() || entry.length() > MAX_ENTRY || !VaultPath.isPrintable(entry)) {
        throw Refusals.invalid(
            field + " holds names of 1 to " + MAX_ENTRY + " printable characters");
      }
    }
    return given.stream()
        .map(entry -> RUN_OF_STARS.matcher(entry).replaceAll("*"))
        .toList();
  }

  private static void requireStarAlone(List<String> globs) {
    if (globs.size() > 1 && globs.contains("*")) {
      throw Refusals.invalid("can not mix \"*\" with values");
    }
  }

  private static Optional<LabelSelector> selector(Call call) {
    Optional<String> text = call.text(SELECTOR).filter(given -> !given.isEmpty());
    try {
      return text.map(LabelSelector::parse);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid("invalid \"" + SELECTOR + "\" configured: " + e.getMessage());
    }
  }

  private static String audience(Call call, Optional<String> before) {
    return call.has(AUDIENCE)
        ? Refusals.limited(AUDIENCE, call.text(AUDIENCE).orElse(""), MAX_AUDIENCE)
        : before.orElse("");
  }

  private static AliasNameSource alias(Call call, Optional<AliasNameSource> before) {
    Optional<String> given = call.text(ALIAS);
    return given.isPresent()
        ? AliasNameSource.of(given.get())
            .orElseThrow(() -> Refusals.invalid("invalid alias_name_source, must be one of:"
                + " serviceaccount_uid, serviceaccount_name"))
        : before.orElse(AliasNameSource.UID);
  }
}
