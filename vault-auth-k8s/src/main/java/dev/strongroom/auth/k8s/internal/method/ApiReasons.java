package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.ApiFailure;
import dev.strongroom.auth.k8s.internal.api.Review;
import dev.strongroom.auth.k8s.internal.jws.Jws;
import dev.strongroom.auth.k8s.internal.jws.UnreadableToken;
import dev.strongroom.auth.k8s.internal.method.Cluster.Reviewer;
import dev.strongroom.auth.k8s.internal.method.Cluster.ReviewerKind;
import dev.strongroom.request.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What operators are told when the API does not confirm a token or an account, and what they can
 * do.
 */
final class ApiReasons {
  private static final String REVIEW = "review";
  private static final String NAMESPACE = "namespace";

  private ApiReasons() {}

  /** The API had no answer to a review. */
  static Finding ofReview(ApiFailure failure, Reviewer reviewer, Instant now) {
    if (failure.status() == 403) {
      return Finding.failed(
          REVIEW,
          "a reviewer who may create tokenreviews.authentication.k8s.io",
          whose(reviewer) + ", who may not (403)",
          "Bind its service account to the ClusterRole system:auth-delegator.");
    }
    return ofAny(REVIEW, failure, reviewer, now);
  }

  /** The API had no answer to the question for a namespace. */
  static Finding ofNamespace(ApiFailure failure, Reviewer reviewer, Instant now) {
    if (failure.status() == 403) {
      return Finding.failed(
          NAMESPACE,
          "a reviewer who may get namespaces",
          whose(reviewer) + ", who may not (403)",
          "Bind its service account to a ClusterRole with the verb get on namespaces.");
    }
    if (failure.status() == 404) {
      return Finding.failed(
          NAMESPACE,
          "a namespace of the cluster",
          "none of that name (404)",
          "Check kubernetes_host.");
    }
    return ofAny(NAMESPACE, failure, reviewer, now);
  }

  /** The API had no answer to the question for a service account. */
  static Finding ofAccount(ApiFailure failure, Reviewer reviewer, Instant now) {
    return ofAny("account", failure, reviewer, now);
  }

  private static Finding ofAny(String check, ApiFailure failure, Reviewer reviewer, Instant now) {
    if (failure.status() == 401) {
      return refusedReviewer(check, reviewer, now);
    }
    return Finding.failed(
        check,
        "an answer of the Kubernetes API",
        String.valueOf(failure.getMessage()),
        advice(failure));
  }

  private static String advice(ApiFailure failure) {
    return switch (failure.kind()) {
      case NO_ADDRESS -> "Set kubernetes_host to a URL such as https://10.0.0.1:6443.";
      case NAME -> "Check the host in kubernetes_host, and the DNS of the vault's machine.";
      case UNREACHABLE -> "Check kubernetes_host and its port, firewalls and network policies.";
      case TLS ->
        "Check kubernetes_ca_cert: it must be the authority of the API's certificate, and"
            + " kubernetes_host a name in it.";
      case TIMEOUT -> "Check the load of the API, firewalls and network policies.";
      case BUSY -> "The API answers too slowly for so many questions: check its load.";
      case STATUS -> advice(failure.status());
      case NO_ANSWER -> "Something else than the Kubernetes API answers: check kubernetes_host.";
      case ENDED -> "Try again.";
    };
  }

  private static String advice(int status) {
    if (status >= 300 && status < 400) {
      return "Redirects are not followed: set kubernetes_host to where the API is.";
    }
    if (status == 429) {
      return "The API has too much to do: log in again later, and check its priority levels.";
    }
    return status >= 500
        ? "The API is failing: check its log."
        : "Something else than the Kubernetes API answers: check kubernetes_host.";
  }

  /** The reference says "service account deleted", but it is the reviewer who was refused. */
  private static Finding refusedReviewer(String check, Reviewer reviewer, Instant now) {
    Optional<Instant> expiry = claims(reviewer).flatMap(ApiReasons::expiry);
    boolean expired = expiry.filter(end -> end.isBefore(now)).isPresent();
    return Finding.failed(
        check,
        "a reviewer's token that the API takes",
        whose(reviewer)
            + (expired ? ", which has expired at " + expiry.get() : ", which it refuses (401)"),
        reviewerAdvice(reviewer.kind()));
  }

  private static String reviewerAdvice(ReviewerKind kind) {
    return switch (kind) {
      case CONFIGURED ->
        "Write config with another token_reviewer_jwt: it expires, or ends with its"
            + " pod, secret or service account. In a pod leave it empty.";
      case POD ->
        "The token of the vault's own pod is refused: check its service account, and that"
            + " kubernetes_host is its own cluster.";
      case CALLER ->
        "The pod's own token must be good for the API itself, or the vault needs one:"
            + " set token_reviewer_jwt.";
    };
  }

  static String whose(Reviewer reviewer) {
    String kind =
        switch (reviewer.kind()) {
          case CONFIGURED -> "token_reviewer_jwt";
          case POD -> "the token of the vault's own pod";
          case CALLER -> "the token of whoever logs in";
        };
    return kind
        + claims(reviewer)
            .map(claims -> ", of " + Shown.of(claims.text("sub").orElse("")))
            .orElse("");
  }

  /** Nobody has checked them: good enough to say whose token was configured. */
  private static Optional<Payload> claims(Reviewer reviewer) {
    try {
      return Optional.of(Jws.parse(reviewer.token().expose()).claims());
    } catch (UnreadableToken e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> expiry(Payload claims) {
    try {
      return TokenTimes.of(claims).expiry();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The API has looked at the token, and it is not good. */
  static Finding notAuthenticated(Review review, List<String> audiences) {
    String expected = "a token that the API takes";
    if (review.complaint().isEmpty()) {
      return Finding.failed(
          REVIEW,
          expected,
          "one that it does not, without a reason",
          "Most likely the token is another cluster's: check kubernetes_host.");
    }
    return switch (review.complaint().get()) {
      case EXPIRED ->
        Finding.failed(
            REVIEW,
            expected,
            "one that has expired",
            "Read the token from its file at every login; set the clocks.");
      case NOT_YET_VALID ->
        Finding.failed(
            REVIEW, expected, "one that is not valid yet", "Set the clocks of cluster and vault.");
      case INVALIDATED ->
        Finding.failed(
            REVIEW,
            expected,
            "one whose pod or secret is gone",
            "Read the token from the file of the running pod.");
      case RECREATED ->
        Finding.failed(
            REVIEW,
            expected,
            "one of a service account that was deleted and made again",
            "Start the pod anew, so that it gets a token of the new one.");
      case UNKNOWN_ACCOUNT ->
        Finding.failed(
            REVIEW,
            expected,
            "one of a service account that does not exist",
            "Make the service account, and start the pod anew.");
      case AUDIENCE ->
        Finding.failed(
            REVIEW,
            expected + " for " + (audiences.isEmpty() ? "the API itself" : Shown.of(audiences)),
            "one for others",
            "Set the audience of the role to that of the token (serviceAccountToken.audience).");
      case OTHER ->
        Finding.failed(
            REVIEW,
            expected,
            "one that it does not know",
            "Most likely the token is another cluster's, or forged: check kubernetes_host.");
    };
  }
}
