package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.request.Payload;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    Optional<Payload> projected = object(claims, OBJECT);
    Optional<Payload> account = projected.flatMap(inside -> object(inside, "serviceaccount"));
    return new ServiceAccount(
        projected.isPresent()
            ? text(projected.get(), "namespace")
            : text(claims, OLD + "namespace"),
        account.isPresent()
            ? text(account.get(), "name")
            : text(claims, OLD + "service-account.name"),
        account.isPresent()
            ? text(account.get(), "uid")
            : text(claims, OLD + "service-account.uid"),
        text(claims, OLD + "secret.name"));
  }

  private static Optional<Payload> object(Payload members, String name) {
    @Nullable Object value = members.get(name).orElse(null);
    if (value == null || value instanceof Payload || value instanceof Map) {
      return members.object(name);
    }
    throw new IllegalArgumentException(name + " is no object");
  }

  private static String text(Payload members, String name) {
    @Nullable Object value = members.get(name).orElse(null);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is no text");
  }

  /** Returns the name by which the API knows the account. */
  String username() {
    return "system:serviceaccount:" + namespace + ":" + name;
  }
}
