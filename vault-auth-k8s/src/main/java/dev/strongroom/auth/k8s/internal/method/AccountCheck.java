package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.auth.k8s.internal.api.ApiFailure;
import dev.strongroom.auth.k8s.internal.api.ApiServer;
import dev.strongroom.auth.k8s.internal.method.Cluster.Reviewer;
import dev.strongroom.spi.AuthMethod.IssuedToken;
import dev.strongroom.spi.AuthMethod.OutsideCheck;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.Storage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Asks, before a token is renewed, whether its service account is still there, and the same: one
 * that is made again has another uid. Not in the reference. Thread-safe.
 *
 * <p>Where the vault may not ask, the token is renewed, with a warning in the log: the ClusterRole
 * {@code system:auth-delegator} is all that logins need, and does not have the right. Once the API
 * has answered, the right was granted, and nobody gains by taking it away.
 */
final class AccountCheck {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String CHECK = "account";

  /** All warnings of a mount say the same. */
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final InstantSource clock;
  private final AtomicReference<Instant> nextWarning = new AtomicReference<>(Instant.MIN);

  /** Version of the configuration that the API has answered with last; empty if never. */
  private volatile String answered = "";

  AccountCheck(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /** The service account that a token was given to. */
  private record Account(String role, String namespace, String name, String uid) {

    static Account of(Map<String, String> data) {
      return new Account(
          data.getOrDefault(LoginPath.ROLE, ""),
          data.getOrDefault(LoginPath.NAMESPACE, ""),
          data.getOrDefault(LoginPath.NAME, ""),
          data.getOrDefault(LoginPath.UID, ""));
    }

    boolean canBeAsked() {
      return ApiServer.isNamespace(namespace) && ApiServer.isAccount(name);
    }

    String shown() {
      return Shown.of(namespace + "/" + name);
    }
  }

  /** Returns what is to be asked before a token is renewed; empty for one without a uid. */
  Optional<OutsideCheck> of(Storage storage, IssuedToken token) {
    Account account = Account.of(token.data());
    if (account.uid.isEmpty()) {
      return Optional.empty();
    }
    ConfigRecord config = cluster
        .config(storage)
        .orElseThrow(
            () -> new VaultException(ErrorCode.INTERNAL, "could not load backend configuration"));
    String caller = Cluster.callerOf(token.origin());
    return Optional.of(() -> {
      requireThere(config, account, caller);
      return later -> isConfigured(later, config);
    });
  }

  private boolean isConfigured(Storage storage, ConfigRecord asked) {
    return cluster
        .config(storage)
        .filter(now -> now.version().equals(asked.version()))
        .isPresent();
  }

  private void requireThere(ConfigRecord config, Account account, String caller) {
    if (!account.canBeAsked()) {
      throw refused(account, "a service account", account.shown() + ", which is no name of one");
    }
    Optional<Reviewer> reviewer = cluster.reviewer(config);
    if (reviewer.isEmpty()) {
      requireNeverAnswered(
          config,
          account,
          "the vault has no token of its own to ask with; set token_reviewer_jwt, or run it in a pod");
      return;
    }
    Optional<String> uid;
    try {
      uid = cluster
          .api(config)
          .accountUid(reviewer.get().token(), account.namespace, account.name, caller);
      answered = config.version();
    } catch (ApiFailure e) {
      requireNotAllowed(config, account, e, reviewer.get());
      return;
    } catch (IOException e) {
      throw refused(account, "the authorities of the API", String.valueOf(e.getMessage()));
    }
    if (!uid.equals(Optional.of(account.uid))) {
      throw refused(
          account,
          account.shown() + " with the uid " + Shown.of(account.uid),
          uid.map(other -> "one that was made again, with the uid " + Shown.of(other))
              .orElse("none: it was deleted"));
    }
  }

  /** A 404 that is not about the account is that of a proxy, or of an API that hides paths. */
  private void requireNotAllowed(
      ConfigRecord config, Account account, ApiFailure failure, Reviewer reviewer) {
    if (failure.status() != 403 && failure.status() != 404) {
      throw refused(account, ApiReasons.ofAccount(failure, reviewer, clock.instant()));
    }
    requireNeverAnswered(
        config,
        account,
        "the API answers " + failure.status() + " to " + ApiReasons.whose(reviewer)
            + "; bind its service account to a ClusterRole with the verb get on serviceaccounts");
  }

  private void requireNeverAnswered(ConfigRecord config, Account account, String why) {
    if (answered.equals(config.version())) {
      throw refused(account, "an answer, as the API has given before", why);
    }
    warn(account, why);
  }

  private void warn(Account account, String why) {
    Instant now = clock.instant();
    Instant next = nextWarning.get();
    if (!now.isBefore(next) && nextWarning.compareAndSet(next, now.plus(BETWEEN_WARNINGS))) {
      LOG.log(
          Level.WARNING,
          "a token of the Kubernetes role " + account.role + " was renewed, and nobody knows"
              + " whether its service account " + account.shown() + " is still there: " + why);
    }
  }

  private static LoginRefused refused(Account account, String expected, String found) {
    return refused(account, Finding.failed(CHECK, expected, found, ""));
  }

  /** Whoever renews is not told more, whether they are the pod or have stolen its token. */
  private static LoginRefused refused(Account account, Finding finding) {
    return LoginRefused.told(
        ErrorCode.INTERNAL,
        "the service account could not be confirmed",
        finding.reason(account.role));
  }
}
