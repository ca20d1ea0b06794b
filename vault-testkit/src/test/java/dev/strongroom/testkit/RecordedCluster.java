package dev.strongroom.testkit;

import dev.strongroom.testkit.kubernetes.KubernetesApi;
import dev.strongroom.testkit.kubernetes.ServiceAccount;
import dev.strongroom.testkit.kubernetes.TokenOptions;
import java.time.Duration;
import java.time.InstantSource;

/** The cluster of the recorded conversations, and what happened in it before some of the steps. */
final class RecordedCluster implements AutoCloseable {
  private final InstantSource time;
  private final Placeholders placeholders;
  private final KubernetesApi api;
  private final ServiceAccount reviewer;
  private final ServiceAccount app;
  private final String appToken;

  RecordedCluster(InstantSource time, Placeholders placeholders) {
    this.time = time;
    this.placeholders = placeholders;
    this.api = KubernetesApi.start(time);
    this.reviewer = api.createServiceAccount("vault", "default");
    this.app = api.createServiceAccount("default", "myapp-sa");
    this.appToken = api.token(api.createPod("myapp-test", app));
    api.bindAuthDelegator(reviewer);
    placeholders.bind("<k8s-host>", "127.0.0.1:" + api.port());
    placeholders.bind("<pem>", api.ca());
    placeholders.bind("<reviewer-jwt>", api.token(reviewer));
    placeholders.bind("<client-jwt>", appToken);
  }

  void before(String step) {
    switch (step) {
      case "k8s-no-binding" -> api.unbindAuthDelegator(reviewer);
      case "k8s-good" -> api.bindAuthDelegator(reviewer);
      case "k8s-other-account" -> logInWith(tokenOf("default", "intruder"));
      case "k8s-other-namespace" -> logInWith(tokenOf("kube-system", "myapp-sa"));
      case "k8s-expired" -> logInWith(expired());
      case "k8s-forged" -> logInWith(forged());
      case "k8s-deleted-account" -> api.deleteServiceAccount(app);
      case "k8s-recreated-account" -> api.createServiceAccount(app.namespace(), app.name());
      default -> {
        // nothing happened
      }
    }
  }

  private void logInWith(String token) {
    placeholders.bind("<jwt>", token);
  }

  private String tokenOf(String namespace, String name) {
    return api.token(api.createServiceAccount(namespace, name));
  }

  private String expired() {
    return api.token(
        app,
        TokenOptions.DEFAULT
            .withNotBefore(time.instant().minus(Duration.ofHours(2)))
            .withLifetime(Duration.ofHours(1)));
  }

  /** Claims of one token under the signature of another. */
  private String forged() {
    String other = tokenOf("default", "intruder");
    return appToken.substring(0, appToken.lastIndexOf('.'))
        + other.substring(other.lastIndexOf('.'));
  }

  @Override
  public void close() {
    api.close();
  }
}
