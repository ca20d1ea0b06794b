package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.auth.k8s.internal.method.Examination.Subject;
import dev.strongroom.auth.k8s.internal.method.RoleRecord.Bound;
import dev.strongroom.request.Origin;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.LoginGrant;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code login}: a role and a token of a service account. What takes its time is done before the
 * vault begins to write; what it rested on is read again then.
 */
final class LoginPath implements LoginHandler {
  /** Names in the data of a token. */
  static final String ROLE = "role";

  static final String NAMESPACE = "service_account_namespace";
  static final String NAME = "service_account_name";
  static final String UID = "service_account_uid";

  /** Text of the selector that let the login in; none where the list of the role did. */
  static final String SELECTOR = "selector";

  /** Address that the login came from, as far as it is known. */
  static final String ORIGIN = "origin";

  private final Cluster cluster;
  private final boolean tellsReasons;

  LoginPath(Cluster cluster, boolean tellsReasons) {
    this.cluster = cluster;
    this.tellsReasons = tellsReasons;
  }

  List<Route> routes() {
    return List.of(Route.at("login", "Logs a pod in.")
        .field("role", FieldType.TEXT, "Name of the role.")
        .field("jwt", FieldType.TEXT, "Token of the service account.")
        .onLogin(this));
  }

  /** Nothing is guessed here, and what a token claims counts only when it is proven. */
  @Override
  public Optional<String> claimedAlias(Call call) {
    return Optional.empty();
  }

  @Override
  public Proven prove(Call call) {
    String roleName = required(call, "role", "missing role");
    String token = required(call, "jwt", "missing jwt");
    Optional<RoleRecord> role = RoleRecord.find(call.storage(), roleName);
    Optional<LoginRefused> refusal = role.isEmpty()
        ? Optional.of(unknownRole(roleName))
        : wrongOrigin(call, role.get().tokens());
    if (tellsReasons) {
      requireNone(refusal);
    }
    ConfigRecord config = cluster
        .config(call.storage())
        .orElseThrow(
            () -> refused("could not load backend configuration", "config was never written"));
    Bound bound = role.map(RoleRecord::bound).orElse(Bound.NOBODY);
    Examination examination = new Examination(subject(call, config, bound), token, call.now());
    Optional<Finding> failure = examination.firstFailure(tellsReasons);
    requireNone(refusal); // only now: how long an answer takes must not tell which roles there are
    requireNone(failure.map(found -> found.refusal(roleName, tellsReasons)));
    ServiceAccount account = examination.account();
    return later -> grant(later, roleName, bound, config.version(), account);
  }

  private static void requireNone(Optional<LoginRefused> refusal) {
    refusal.ifPresent(refused -> {
      throw refused;
    });
  }

  private static String required(Call call, String field, String answer) {
    String text = call.text(field).orElse("");
    if (text.isEmpty()) {
      throw LoginRefused.invalid(answer, "it came without a " + field);
    }
    return text;
  }

  private LoginRefused unknownRole(String name) {
    String shown = NameRule.fits(name) ? " \"" + name + "\"" : "";
    return tellsReasons
        ? LoginRefused.invalid("invalid role name" + shown, "there is no role" + shown)
        : LoginRefused.denied("there is no role" + shown);
  }

  private LoginRefused refused(String answer, String reason) {
    return tellsReasons
        ? LoginRefused.told(ErrorCode.INTERNAL, answer, reason)
        : LoginRefused.denied(reason);
  }

  private static Optional<LoginRefused> wrongOrigin(Call call, TokenParameters tokens) {
    Optional<Origin> origin = call.origin();
    boolean allowed = tokens.boundCidrs().isEmpty()
        || (origin.isPresent()
            && Cidr.anyContains(tokens.boundCidrs(), origin.get().address()));
    return allowed
        ? Optional.empty()
        : Optional.of(LoginRefused.denied(
            "it came from an address that the role is not bound to, or none is known"));
  }

  private Subject subject(Call call, ConfigRecord config, Bound bound) {
    try {
      return new Subject(
          config,
          cluster.keys(config),
          cluster.reviewer(config),
          cluster.api(config),
          bound,
          Cluster.callerOf(call.origin()));
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      throw refused(reason, reason);
    }
  }

  private LoginGrant grant(
      Call call, String roleName, Bound proven, String configVersion, ServiceAccount account) {
    RoleRecord role = RoleRecord.find(call.storage(), roleName)
        .filter(now -> now.bound().equals(proven))
        .orElseThrow(() -> LoginRefused.denied("its role was changed meanwhile"));
    if (cluster
        .config(call.storage())
        .filter(now -> now.version().equals(configVersion))
        .isEmpty()) {
      throw LoginRefused.denied("config was changed meanwhile");
    }
    Map<String, String> ofAccount = Map.of(
        NAME,
        account.name(),
        NAMESPACE,
        account.namespace(),
        "service_account_secret_name",
        account.secretName(),
        UID,
        account.uid());
    Map<String, String> metadata = new HashMap<>(ofAccount);
    metadata.put(ROLE, roleName);
    return new LoginGrant(
        proven.alias() == AliasNameSource.UID
            ? account.uid()
            : account.namespace() + "/" + account.name(),
        account.namespace() + "-" + account.name(),
        metadata,
        ofAccount,
        role.tokens(),
        data(call, roleName, proven, account));
  }

  /** What a renewal needs, to hold the token to the bounds that the login was held to. */
  private static Map<String, String> data(
      Call call, String roleName, Bound bound, ServiceAccount account) {
    Map<String, String> data = new HashMap<>();
    data.put(ROLE, roleName);
    data.put(NAME, account.name());
    data.put(NAMESPACE, account.namespace());
    data.put(UID, account.uid());
    if (!bound.listsNamespace(account.namespace())) {
      data.put(SELECTOR, LabelSelector.textOf(bound.selector()));
    }
    call.origin().ifPresent(from -> data.put(ORIGIN, Cidr.of(from.address()).toString()));
    return data;
  }
}
