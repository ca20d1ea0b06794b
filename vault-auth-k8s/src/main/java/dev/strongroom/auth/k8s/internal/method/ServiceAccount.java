package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.json.StrictObject;
import dev.strongroom.request.Payload;
import java.util.Optional;

/**
 * Whose a token claims to be. Tokens of pods say it in {@code kubernetes.io}, those of secrets in
 * claims of their own; the former count. Source: {@code kubernetes: pkg/serviceaccount/claims.go}
 * and {@code legacy.go}. Empty where nothing is said.
 */
record ServiceAccount(String namespace, String name, String uid, String secretName) {
  private static final String OBJECT = "kubernetes.io";
  private static final String OLD = "kubernetes.io/serviceaccount/";

  /**
   * Reads the claims.
   *
   * @throws IllegalArgumentException if one of them has another type than it should have
   */
  static ServiceAccount of(Payload claims) {
    StrictObject all = new StrictObject(claims);
    Optional<StrictObject> projected = all.object(OBJECT);
    Optional<StrictObject> account = projected.flatMap(inside -> inside.object("serviceaccount"));
    return new ServiceAccount(
        projected
            .map(inside -> inside.text("namespace"))
            .orElseGet(() -> all.text(OLD + "namespace")),
        account
            .map(inside -> inside.text("name"))
            .orElseGet(() -> all.text(OLD + "service-account.name")),
        account
            .map(inside -> inside.text("uid"))
            .orElseGet(() -> all.text(OLD + "service-account.uid")),
        all.text(OLD + "secret.name"));
  }

  /** Returns the name by which the API knows the account. */
  String username() {
    return "system:serviceaccount:" + namespace + ":" + name;
  }
}
