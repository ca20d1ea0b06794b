package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.auth.k8s.internal.api.ApiFailure;
import dev.strongroom.auth.k8s.internal.api.ApiServer;
import dev.strongroom.auth.k8s.internal.api.Review;
import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.auth.k8s.internal.jws.Jws;
import dev.strongroom.auth.k8s.internal.jws.SignatureAlgorithm;
import dev.strongroom.auth.k8s.internal.jws.UnreadableToken;
import dev.strongroom.auth.k8s.internal.method.Cluster.Reviewer;
import dev.strongroom.auth.k8s.internal.method.Cluster.ReviewerKind;
import dev.strongroom.auth.k8s.internal.method.RoleRecord.Bound;
import dev.strongroom.request.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one token for one role, check by check. A login takes the checks in their order until
 * one fails; an explanation takes all of them. Texts, and the order where they are told: OpenBao
 * v2.6.2 {@code builtin/credential/kubernetes/path_login.go} and {@code token_review.go}. Only when
 * all have passed is the account whose the token says it is. For one thread.
 */
final class Examination {
  /** Claim of tokens in secrets, and what the reference means its default to be. */
  private static final String DEFAULT_ISSUER = "kubernetes/serviceaccount";

  private static final Set<SignatureAlgorithm> ACCEPTED = Set.of(
      SignatureAlgorithm.RS256,
      SignatureAlgorithm.RS384,
      SignatureAlgorithm.RS512,
      SignatureAlgorithm.ES256,
      SignatureAlgorithm.ES384,
      SignatureAlgorithm.ES512);

  /** What can be seen of a token without knowing whose it is, and for which role. */
  private static final List<Function<Examination, Finding>> OF_THE_TOKEN = List.of(
      Examination::signature,
      Examination::algorithm,
      Examination::issuer,
      Examination::notBefore,
      Examination::expiry,
      Examination::issuedAt,
      Examination::claims);

  private static final List<Function<Examination, Finding>> OF_THE_ACCOUNT =
      List.of(Examination::name, Examination::namespace, Examination::alias);

  /** As the reference has it: what a stranger claims is compared with the role. */
  private static final List<Function<Examination, Finding>> REVIEWED_LAST = List.of(
      Examination::signature,
      Examination::algorithm,
      Examination::issuer,
      Examination::audience,
      Examination::notBefore,
      Examination::expiry,
      Examination::issuedAt,
      Examination::claims,
      Examination::name,
      Examination::namespace,
      Examination::alias,
      Examination::review);

  private final Subject subject;
  private final String token;
  private final Instant now;

  private final @Nullable Jws jws;
  private final @Nullable TokenTimes times;
  private final @Nullable ServiceAccount account;

  /** Empty where there are none, null where there is something else. */
  private final @Nullable List<String> audiences;

  private String unreadable = "";
  private boolean confirmed;

  /**
   * What a token is looked at with.
   *
   * @param caller who brought it, as far as it is known
   */
  record Subject(
      ConfigRecord config,
      TokenKeys keys,
      Optional<Reviewer> reviewer,
      ApiServer api,
      Bound bound,
      String caller) {}

  Examination(Subject subject, String token, Instant now) {
    this.subject = subject;
    this.token = token;
    this.now = now;
    this.jws = parsed();
    Payload claims = jws == null ? Payload.empty() : jws.claims();
    this.times = read(() -> TokenTimes.of(claims));
    this.account = read(() -> ServiceAccount.of(claims));
    this.audiences = read(() -> audiences(claims));
  }

  private @Nullable Jws parsed() {
    try {
      return Jws.parse(token);
    } catch (UnreadableToken e) {
      unreadable = String.valueOf(e.getMessage());
      return null;
    }
  }

  private static <T> @Nullable T read(Supplier<T> claims) {
    try {
      return claims.get();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** RFC 7519 section 4.1.3: one audience need not be in a list. */
  private static List<String> audiences(Payload claims) {
    @Nullable Object value = claims.get("aud").orElse(null);
    if (value == null) {
      return List.of();
    }
    if (value instanceof String one) {
      return List.of(one);
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw new IllegalArgumentException("aud is neither a text nor a list of texts");
  }

  /**
   * Returns the first failure; empty if everything is as it should be.
   *
   * @param tellsReasons whether the caller is told what failed, and it must be what the reference
   *     tells
   */
  Optional<Finding> firstFailure(boolean tellsReasons) {
    return tellsReasons
        ? firstFailure(REVIEWED_LAST)
        : firstFailure(OF_THE_TOKEN).or(this::reviewed).or(() -> firstFailure(OF_THE_ACCOUNT));
  }

  private Optional<Finding> firstFailure(List<Function<Examination, Finding>> checks) {
    return checks.stream()
        .map(check -> check.apply(this))
        .filter(Finding::isFailure)
        .findFirst();
  }

  /**
   * What is claimed decides nothing before the API has confirmed it, and the API is asked whatever
   * the role says: how long that takes must not tell what it says.
   */
  private Optional<Finding> reviewed() {
    Finding review = review();
    return Stream.of(audience(), review).filter(Finding::isFailure).findFirst();
  }

  /** Returns what every check finds. */
  List<Finding> all() {
    return REVIEWED_LAST.stream().map(check -> check.apply(this)).toList();
  }

  /**
   * Returns whose the token is.
   *
   * @throws IllegalStateException if the API has not confirmed it
   */
  ServiceAccount account() {
    if (!confirmed) {
      throw new IllegalStateException("the token has not been confirmed");
    }
    return Objects.requireNonNull(account);
  }

  private Finding signature() {
    String check = "token";
    if (jws == null) {
      return Finding.failed(
          check, "a signed token", unreadable, "Send a service account token as it is.");
    }
    if (times == null) {
      return Finding.failed(
          check,
          "times in whole seconds",
          "iat, nbf or exp of another type",
          "Send another token.");
    }
    if (subject.keys.size() == 0) {
      return Finding.passed(check, "a signed token; the API checks its signature");
    }
    TokenKeys.Answer answer = subject.keys.check(jws);
    if (answer == TokenKeys.Answer.BUSY) {
      return Finding.failed(
          check,
          "a signature of one of the keys in pem_keys",
          "too many tokens to look at",
          "Look who sends so many; fewer keys in pem_keys cost less.");
    }
    if (answer == TokenKeys.Answer.NOT_SIGNED) {
      return Finding.failed(
          check,
          "a signature of one of the " + subject.keys.size() + " keys in pem_keys",
          "another one, by " + jws.algorithm().text(),
          "Either the token is another cluster's or forged, or the cluster has changed its keys:"
              + " then put the new one into pem_keys.");
    }
    return Finding.passed(check, "signed by a key of pem_keys");
  }

  private Finding algorithm() {
    return of(
        "algorithm",
        token -> ACCEPTED.contains(token.algorithm())
            ? Finding.passed("algorithm", token.algorithm().text())
            : Finding.failed(
                    "algorithm",
                    "RS256, RS384, RS512, ES256, ES384 or ES512",
                    token.algorithm().text(),
                    "Let the cluster sign its tokens with one of them.")
                .telling(
                    "invalid algorithm (alg) header parameter: token signed with unexpected algorithm"));
  }

  private Finding issuer() {
    if (subject.config.disableIssValidation()) {
      return Finding.skipped("issuer", "disable_iss_validation is true");
    }
    String expected = subject.config.issuer().isEmpty() ? DEFAULT_ISSUER : subject.config.issuer();
    return of("issuer", token -> {
      boolean same = token.claims().get("iss").filter(expected::equals).isPresent();
      String found = Shown.of(token.claims().text("iss").orElse(""));
      return same
          ? Finding.passed("issuer", found)
          : Finding.failed(
                  "issuer",
                  Shown.of(expected),
                  found,
                  "Set issuer to that of the cluster (kubectl get --raw"
                      + " /.well-known/openid-configuration), or disable_iss_validation to true:"
                      + " the API checks the issuer as well.")
              .telling("invalid issuer (iss) claim");
    });
  }

  private Finding audience() {
    String wanted = subject.bound.audience();
    if (wanted.isEmpty()) {
      return Finding.skipped("audience", "the role names none; the API must know the token's own");
    }
    return of(
        "audience",
        token -> audiences != null && audiences.contains(wanted)
            ? Finding.passed("audience", Shown.of(wanted))
            : Finding.failed(
                    "audience",
                    Shown.of(wanted),
                    audiences == null ? "neither a text nor a list of texts" : Shown.of(audiences),
                    "Mount a projected token with that audience into the pod"
                        + " (serviceAccountToken.audience), or change the audience of the role.")
                .telling(
                    "invalid audience (aud) claim: audience claim does not match any expected audience"));
  }

  private Finding notBefore() {
    return time(
        "not_before",
        known -> known.isTooEarly(now),
        known -> known.notBefore(),
        "at most 60 s after now, " + now,
        "Set the clocks of the cluster and the vault.",
        "invalid not before (nbf) claim: token not yet valid");
  }

  private Finding expiry() {
    return time(
        "expiry",
        known -> known.isTooLate(now),
        known -> known.expiry(),
        "at most 60 s before now, " + now,
        "Read the token from its file at every login: Kubernetes replaces it before it expires.",
        "invalid expiration time (exp) claim: token is expired");
  }

  private Finding issuedAt() {
    return time(
        "issued_at",
        known -> known.isIssuedInTheFuture(now),
        known -> known.issuedAt(),
        "at most 60 s after now, " + now,
        "Set the clocks of the cluster and the vault.",
        "invalid issued at (iat) claim: token issued in the future");
  }

  private Finding time(
      String check,
      Predicate<TokenTimes> isWrong,
      Function<TokenTimes, Optional<Instant>> claim,
      String expected,
      String advice,
      String answer) {
    TokenTimes known = times;
    if (jws == null || known == null) {
      return Finding.skipped(check, "the token cannot be read");
    }
    String found = claim.apply(known).map(Instant::toString).orElse("no such time");
    return isWrong.test(known)
        ? Finding.failed(check, expected, found, advice).telling(answer)
        : Finding.passed(check, found);
  }

  private Finding claims() {
    return of(
        "claims",
        token -> account != null && audiences != null
            ? Finding.passed("claims", "those of a service account")
            : Finding.failed(
                    "claims",
                    "texts and objects as Kubernetes writes them",
                    "aud or kubernetes.io of another type",
                    "Send a service account token as it is.")
                .telling(ErrorCode.INTERNAL, "could not decode the claims of the token"));
  }

  private Finding name() {
    return ofAccount(
        "name",
        known -> subject.bound.allowsName(known.name())
            ? Finding.passed("name", Shown.of(known.name()))
            : Finding.failed(
                    "name",
                    Shown.of(subject.bound.names()),
                    Shown.of(known.name()),
                    "Add the service account to bound_service_account_names, or run the pod with"
                        + " another one (serviceAccountName).")
                .telling("service account name not authorized"));
  }

  private Finding namespace() {
    return ofAccount("namespace", known -> {
      if (subject.bound.listsNamespace(known.namespace())) {
        return Finding.passed("namespace", Shown.of(known.namespace()));
      }
      return subject
          .bound
          .selector()
          .map(selector -> selected(known.namespace(), selector))
          .orElseGet(() -> otherNamespace(known.namespace(), "which is not in the list"));
    });
  }

  private Finding otherNamespace(String namespace, String why) {
    return Finding.failed(
            "namespace",
            Stream.concat(
                    Stream.of(subject.bound.namespaces())
                        .filter(listed -> !listed.isEmpty())
                        .map(Shown::of),
                    subject.bound.selector().stream()
                        .map(selector -> "one with the labels "
                            + Shown.of(new TreeMap<>(selector.labels()).toString())))
                .collect(Collectors.joining(", or ")),
            Shown.of(namespace) + ", " + why,
            "Add the namespace to bound_service_account_namespaces, or give it the labels.")
        .telling("namespace not authorized");
  }

  /** The claim becomes a part of a path, so it must be a name. */
  private Finding selected(String namespace, LabelSelector selector) {
    if (!ApiServer.isNamespace(namespace)) {
      return otherNamespace(namespace, "which is no name of a namespace");
    }
    if (subject.reviewer.isEmpty()) {
      return Finding.failed(
              "namespace",
              "a token of the vault's own to look up labels",
              "none",
              "Set token_reviewer_jwt, or run the vault in a pod.")
          .telling(
              "namespace not authorized err=namespace lookup failed: TokenReviewer JWT needs to"
                  + " be configured to use namespace selectors");
    }
    Reviewer reviewer = subject.reviewer.get();
    try {
      Map<String, String> labels =
          subject.api.namespaceLabels(reviewer.token(), namespace, subject.caller);
      return selector.matches(labels)
          ? Finding.passed("namespace", Shown.of(namespace) + ", by its labels")
          : otherNamespace(namespace, "whose labels are others");
    } catch (ApiFailure e) {
      String status = e.status() == 0 ? "" : " (code " + e.status() + " status Failure)";
      return ApiReasons.ofNamespace(e, reviewer, now)
          .telling("namespace not authorized err=failed to get namespace" + status);
    }
  }

  private Finding alias() {
    return ofAccount("alias", known -> {
      if (subject.bound.alias() == AliasNameSource.UID && known.uid().isEmpty()) {
        return noAlias("a uid", "could not parse UID from claims");
      }
      if (subject.bound.alias() == AliasNameSource.NAME
          && (known.name().isEmpty() || known.namespace().isEmpty())) {
        return noAlias("a name and a namespace", "service account namespace and name must be set");
      }
      return Finding.passed("alias", subject.bound.alias().text());
    });
  }

  private static Finding noAlias(String expected, String answer) {
    return Finding.failed(
            "alias", expected, "none in the token", "Send a service account token as it is.")
        .telling(ErrorCode.INTERNAL, answer);
  }

  private Finding review() {
    return ofAccount("review", known -> {
      Reviewer reviewer = subject.reviewer.orElseGet(
          () -> new Reviewer(ReviewerKind.CALLER, new SecretText(token)));
      List<String> asked = subject.bound.audience().isEmpty()
          ? Objects.requireNonNullElse(audiences, List.of())
          : List.of(subject.bound.audience());
      try {
        Finding verdict = verdict(
            subject.api.review(reviewer.token(), new SecretText(token), asked, subject.caller),
            known,
            asked);
        confirmed = verdict.isPassed();
        return verdict;
      } catch (ApiFailure e) {
        return ApiReasons.ofReview(e, reviewer, now);
      }
    });
  }

  private static Finding verdict(Review review, ServiceAccount known, List<String> asked) {
    if (review.complaint().isPresent() || !review.authenticated()) {
      return ApiReasons.notAuthenticated(review, asked);
    }
    if (!asked.isEmpty() && review.audiences().stream().noneMatch(asked::contains)) {
      return Finding.failed(
          "review",
          "one of the audiences " + Shown.of(asked),
          Shown.of(review.audiences()),
          "The API does not look at audiences, or an authenticator before it does not.");
    }
    boolean same = review.username().equals(known.username())
        && review.username().chars().filter(c -> c == ':').count() == 3
        && !known.uid().isEmpty()
        && review.uid().equals(known.uid());
    return same
        ? Finding.passed("review", Shown.of(review.username()))
        : Finding.failed(
            "review",
            Shown.of(known.username()) + " with the uid " + Shown.of(known.uid()),
            Shown.of(review.username()) + " with the uid " + Shown.of(review.uid()),
            "The token is not what it says, or the API is not that of the cluster: check"
                + " kubernetes_host.");
  }

  private Finding of(String check, Function<Jws, Finding> look) {
    Jws known = jws;
    return known == null ? Finding.skipped(check, "the token cannot be read") : look.apply(known);
  }

  private Finding ofAccount(String check, Function<ServiceAccount, Finding> look) {
    ServiceAccount known = account;
    return jws == null || known == null
        ? Finding.skipped(check, "the token cannot be read")
        : look.apply(known);
  }
}
