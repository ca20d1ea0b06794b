package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Issues the tokens of service accounts and says whose a token is. Claims and texts are those of
 * {@code kubernetes: pkg/serviceaccount/{jwt,claims,legacy}.go}.
 */
final class ServiceAccountTokens {
  static final String LEGACY_ISSUER = "kubernetes/serviceaccount";
  private static final String LEGACY = "kubernetes.io/serviceaccount/";
  private static final String EXTRA = "authentication.kubernetes.io/";
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final TokenSigner signer;
  private final String issuer;
  private final InstantSource time;

  ServiceAccountTokens(Cluster cluster, TokenSigner signer, String issuer, InstantSource time) {
    this.cluster = cluster;
    this.signer = signer;
    this.issuer = issuer;
    this.time = time;
  }

  /** The API server's audience is its issuer, unless it is told otherwise. */
  private List<String> ownAudiences() {
    return List.of(issuer);
  }

  String issue(ServiceAccount account, TokenOptions options) {
    Instant start = options.notBefore().orElseGet(time::instant);
    Map<String, Object> bound = new LinkedHashMap<>();
    bound.put("namespace", account.namespace());
    options.pod().ifPresent(pod -> bound.put("pod", reference(pod.name(), pod.uid())));
    bound.put("serviceaccount", reference(account.name(), account.uid()));
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", options.audiences().isEmpty() ? ownAudiences() : options.audiences());
    claims.put("exp", start.plus(options.lifetime()).getEpochSecond());
    claims.put("iat", start.getEpochSecond());
    claims.put("iss", issuer);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("kubernetes.io", bound);
    claims.put("nbf", start.getEpochSecond());
    claims.put("sub", account.userName());
    return signer.sign(claims);
  }

  private static Map<String, String> reference(String name, String uid) {
    Map<String, String> reference = new LinkedHashMap<>();
    reference.put("name", name);
    reference.put("uid", uid);
    return reference;
  }

  String issueLegacy(ServiceAccount account) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", LEGACY_ISSUER);
    claims.put(LEGACY + "namespace", account.namespace());
    claims.put(
        LEGACY + "secret.name", account.name() + "-token-" + account.uid().substring(0, 5));
    claims.put(LEGACY + "service-account.name", account.name());
    claims.put(LEGACY + "service-account.uid", account.uid());
    claims.put("sub", account.userName());
    return signer.sign(claims);
  }

  /**
   * Returns whose token it is, for one who asks for some audiences; none means the server's own.
   */
  Verdict review(String token, List<String> audiences) {
    Optional<Payload> verified = signer.verified(token);
    if (verified.isEmpty()) {
      return Verdict.refused("invalid bearer token");
    }
    Payload claims = verified.get();
    String from = claims.text("iss").orElse("");
    boolean legacy = from.equals(LEGACY_ISSUER);
    if (!legacy && !from.equals(issuer)) {
      return Verdict.refused("invalid bearer token");
    }
    List<String> wanted = audiences.isEmpty() ? ownAudiences() : audiences;
    List<String> named = legacy ? ownAudiences() : audiencesOf(claims);
    List<String> common = named.stream().filter(wanted::contains).toList();
    if (common.isEmpty()) {
      return refused("token audiences " + quoted(named) + " is invalid for the target audiences "
          + quoted(wanted));
    }
    return legacy ? legacyVerdict(claims, common) : projectedVerdict(claims, common);
  }

  private static List<String> audiencesOf(Payload claims) {
    return claims.text("aud").map(List::of).orElseGet(() -> claims.texts("aud"));
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(" ", "[", "]"));
  }

  private static Verdict refused(String reason) {
    return Verdict.refused("[invalid bearer token, " + reason + "]");
  }

  private Verdict legacyVerdict(Payload claims, List<String> audiences) {
    return verdict(
        claims.text(LEGACY + "namespace").orElse(""),
        claims.text(LEGACY + "service-account.name").orElse(""),
        claims.text(LEGACY + "service-account.uid").orElse(""),
        Map.of(),
        audiences);
  }

  private Verdict projectedVerdict(Payload claims, List<String> audiences) {
    Optional<String> untimely = untimely(claims);
    if (untimely.isPresent()) {
      return refused(untimely.get());
    }
    Payload bound = claims.object("kubernetes.io").orElse(Payload.empty());
    Payload account = bound.object("serviceaccount").orElse(Payload.empty());
    String namespace = bound.text("namespace").orElse("");
    Optional<Payload> pod = bound.object("pod");
    if (pod.isPresent() && !isAlive(namespace, pod.get())) {
      return refused("service account token has been invalidated");
    }
    return verdict(
        namespace,
        account.text("name").orElse(""),
        account.text("uid").orElse(""),
        extra(claims, pod),
        audiences);
  }

  /** Returns how the moment is wrong. The borders themselves are right. */
  private Optional<String> untimely(Payload claims) {
    Instant now = time.instant();
    if (now.minus(LEEWAY).isAfter(moment(claims, "exp"))) {
      return Optional.of("service account token has expired");
    }
    if (now.plus(LEEWAY).isBefore(moment(claims, "nbf"))) {
      return Optional.of("service account token is not valid yet");
    }
    if (now.plus(LEEWAY).isBefore(moment(claims, "iat"))) {
      return Optional.of("service account token is issued in the future");
    }
    return Optional.empty();
  }

  private static Instant moment(Payload claims, String name) {
    long seconds = claims.number(name).map(Number::longValue).orElse(0L);
    return Instant.ofEpochSecond(Math.min(Math.max(seconds, 0), Instant.MAX.getEpochSecond()));
  }

  private boolean isAlive(String namespace, Payload pod) {
    return cluster
        .pod(namespace, pod.text("name").orElse(""))
        .filter(found -> found.uid().equals(pod.text("uid").orElse("")))
        .isPresent();
  }

  private static Map<String, List<String>> extra(Payload claims, Optional<Payload> pod) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    claims.text("jti").ifPresent(id -> extra.put(EXTRA + "credential-id", List.of("JTI=" + id)));
    pod.ifPresent(bound -> {
      extra.put(EXTRA + "pod-name", List.of(bound.text("name").orElse("")));
      extra.put(EXTRA + "pod-uid", List.of(bound.text("uid").orElse("")));
    });
    return extra;
  }

  private Verdict verdict(
      String namespace,
      String name,
      String uid,
      Map<String, List<String>> extra,
      List<String> audiences) {
    Optional<ServiceAccount> account = cluster.account(namespace, name);
    if (account.isEmpty()) {
      return refused("serviceaccounts \"" + name + "\" not found");
    }
    return account.get().uid().equals(uid)
        ? Verdict.accepted(account.get(), extra, audiences)
        : refused(
            "service account UID (" + account.get().uid() + ") does not match claim (" + uid + ")");
  }
}
