package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.outcome;
import static dev.strongroom.examples.tour.Console.require;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesConfig;
import dev.strongroom.auth.k8s.KubernetesLogin;
import dev.strongroom.auth.k8s.KubernetesRole;
import dev.strongroom.auth.k8s.LoginExplanation;
import dev.strongroom.kv.KvStore;
import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import dev.strongroom.testkit.kubernetes.TokenOptions;
import java.time.Duration;
import java.util.Map;

/** A pod logs in with its service account; when it does not, the operator sees the reason. */
final class PodLogin {
  private PodLogin() {}

  static void tell(Vault vault, Session root, KubernetesApi cluster) {
    chapter("A pod that logs in, and one that does not");
    cluster.createNamespace("vault", Map.of());
    cluster.createNamespace("default", Map.of());
    ServiceAccount reviewer = cluster.createServiceAccount("vault", "vault");
    ServiceAccount billing = cluster.createServiceAccount("default", "billing");
    cluster.bindAuthDelegator(reviewer);
    cluster.allowServiceAccountRead(reviewer);

    Kubernetes kubernetes = Kubernetes.at(root, "kubernetes");
    kubernetes.configure(KubernetesConfig.of(cluster.url())
        .withCaCertificate(cluster.ca())
        .withReviewerToken(cluster.token(reviewer)));
    kubernetes.putRole(
        "billing",
        KubernetesRole.of("default", "billing")
            .withPolicies("billing")
            .withAudience("vault")
            .withTtls(Duration.ofHours(1), Duration.ofHours(1)));

    KubernetesLogin login = KubernetesLogin.at("kubernetes").role("billing");
    try (Session pod = vault.login(login.jwt(token(cluster, billing)))) {
      say("default/billing logs in and reads: user "
          + KvStore.at(pod, "secret").get("billing/db").text("username"));
    }

    cluster.unbindAuthDelegator(reviewer);
    String token = token(cluster, billing);
    say("The same pod, an hour after somebody tidied up the cluster:");
    say("it sees:           " + outcome(() -> vault.login(login.jwt(token)).close()));
    LoginExplanation why = kubernetes.explainLogin("billing", token);
    require(!why.wouldSucceed(), "the login fails");
    LoginExplanation.Check failed = why.failure().orElseThrow();
    say("the operator sees: " + failed.name() + ": " + failed.found());
    say("what to do:        " + failed.advice());
  }

  /** As the pod mounts it: good for the vault alone, not for the API server. */
  private static String token(KubernetesApi cluster, ServiceAccount account) {
    return cluster.token(account, TokenOptions.DEFAULT.withAudiences("vault"));
  }
}
