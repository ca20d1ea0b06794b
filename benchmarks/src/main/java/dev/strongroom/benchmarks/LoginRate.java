package dev.strongroom.benchmarks;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesConfig;
import dev.strongroom.auth.k8s.KubernetesRole;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import dev.strongroom.testkit.kubernetes.TokenOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * How many pods can log in per second, with the store in memory? Floor: bare TokenReview calls of
 * the same token over a client of the same kind, in turns in one run. The stand-in for the API
 * server takes its share of the same processors.
 *
 * <p>Arguments: seconds per turn (default 5), number of turns (default 5), seconds of warm-up with
 * one caller, which leaves processors to the JVM's compiler (default 60).
 */
public final class LoginRate {
  private static final PrintStream OUT = System.out;
  private static final String AUDIENCE = "vault";

  private final Session anybody;
  private final HttpClient client;
  private final HttpRequest review;
  private final Request login;

  private LoginRate(Session anybody, HttpClient client, HttpRequest review, Request login) {
    this.anybody = anybody;
    this.client = client;
    this.review = review;
    this.login = login;
  }

  public static void main(String[] args) throws Exception {
    long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 5) * 1_000_000_000L;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    long warmUpNanos = (args.length > 2 ? Long.parseLong(args[2]) : 60) * 1_000_000_000L;
    try (KubernetesApi cluster = KubernetesApi.start();
        Vault vault = Vault.builder()
            .storage(InMemoryStorage.create())
            .auth("kubernetes", KubernetesAuth.method())
            .open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      cluster.createNamespace("vault", Map.of());
      cluster.createNamespace("default", Map.of());
      ServiceAccount reviewer = cluster.createServiceAccount("vault", "vault");
      cluster.bindAuthDelegator(reviewer);
      String reviewerToken = cluster.token(reviewer);
      String token = cluster.token(
          cluster.createServiceAccount("default", "app"),
          TokenOptions.DEFAULT.withAudiences(AUDIENCE));
      configure(vault.session(keys.rootToken()), cluster, reviewerToken);
      LoginRate rate = new LoginRate(
          vault.sessionWithoutToken(),
          client(cluster.ca()),
          review(cluster.url(), reviewerToken, token),
          Request.write("auth/kubernetes/login", Map.of("role", "app", "jwt", token)));
      rate(1, warmUpNanos, rate::logIn);
      for (int callers : List.of(1, 16)) {
        rate.measure(cluster, callers, nanos, turns);
      }
    }
  }

  private static void configure(Session root, KubernetesApi cluster, String reviewerToken) {
    Kubernetes kubernetes = Kubernetes.at(root, "kubernetes");
    kubernetes.configure(KubernetesConfig.of(cluster.url())
        .withCaCertificate(cluster.ca())
        .withReviewerToken(reviewerToken));
    kubernetes.putRole(
        "app",
        KubernetesRole.of("default", "app")
            .withAudience(AUDIENCE)
            .withTtls(Duration.ofHours(1), Duration.ofHours(1))); // none ends meanwhile
  }

  private void measure(KubernetesApi cluster, int callers, long nanos, int turns)
      throws InterruptedException {
    double[] logins = new double[turns];
    double[] reviews = new double[turns];
    rate(callers, nanos, this::logIn);
    rate(callers, nanos, this::review);
    for (int turn = 0; turn < turns; turn++) {
      reviews[turn] = rate(callers, nanos, this::review);
      logins[turn] = rate(callers, nanos, this::logIn);
      cluster.forgetRequests();
    }
    OUT.printf(
        "logins, %2d callers: %.0f/s   bare TokenReview calls %.0f/s   ratio %.2f%n",
        callers, Median.of(logins), Median.of(reviews), Median.of(logins) / Median.of(reviews));
  }

  private static double rate(int callers, long nanos, Runnable step) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begin = System.nanoTime();
    Callers.run(callers, () -> {
      while (System.nanoTime() - begin < nanos) {
        step.run();
        done.incrementAndGet();
      }
    });
    return done.get() * 1e9 / (System.nanoTime() - begin);
  }

  private void logIn() {
    Auth unused = anybody.request(login).orThrow().auth().orElseThrow();
  }

  private void review() {
    try {
      HttpResponse<byte[]> answer = client.send(review, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 201) {
        throw new IllegalStateException("the review answers " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest review(String url, String reviewerToken, String token) {
    Map<String, Object> spec = Map.of("token", token, "audiences", List.of(AUDIENCE));
    return HttpRequest.newBuilder(URI.create(url + "/apis/authentication.k8s.io/v1/tokenreviews"))
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + reviewerToken)
        .POST(HttpRequest.BodyPublishers.ofByteArray(
            Payload.of(Map.of("spec", spec)).toJson()))
        .build();
  }

  private static HttpClient client(String ca) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(ca.getBytes(StandardCharsets.UTF_8))));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(context)
        .build();
  }
}
