package dev.strongroom.auth.k8s;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How the Kubernetes API is reached, and what tokens must be like; see
 * {@link Kubernetes#configure}. Immutable, never printed: it may hold a token.
 */
public final class KubernetesConfig {
  private final Map<String, Object> parameters;

  private KubernetesConfig(Map<String, Object> parameters) {
    this.parameters = parameters;
  }

  /**
   * A configuration of a vault that runs in a pod of the cluster: authorities and token of the API
   * come from the pod's files.
   *
   * @param host URL of the API, such as {@code https://kubernetes.default.svc:443}
   */
  public static KubernetesConfig of(String host) {
    return new KubernetesConfig(Map.of("kubernetes_host", Objects.requireNonNull(host, "host")));
  }

  /** Returns this configuration with the authorities of the API's certificate, in PEM. */
  public KubernetesConfig withCaCertificate(String pem) {
    return with("kubernetes_ca_cert", pem);
  }

  /**
   * Returns this configuration with the token that asks the API. Its service account needs the
   * ClusterRole {@code system:auth-delegator}, and {@code get} on {@code serviceaccounts}.
   */
  public KubernetesConfig withReviewerToken(CharSequence token) {
    return with("token_reviewer_jwt", token.toString());
  }

  /**
   * Returns this configuration with keys, or certificates, in PEM: the API is asked only about
   * tokens that one of them has signed.
   */
  public KubernetesConfig withTokenKeys(List<String> pem) {
    return with("pem_keys", List.copyOf(pem));
  }

  /** Returns this configuration with the issuer that tokens must have. */
  public KubernetesConfig withIssuer(String issuer) {
    return with("issuer", issuer).with("disable_iss_validation", false);
  }

  /** Returns this configuration, which uses no file of the vault's own pod. */
  public KubernetesConfig withoutLocalFiles() {
    return with("disable_local_ca_jwt", true);
  }

  private KubernetesConfig with(String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(parameters);
    all.put(name, Objects.requireNonNull(value, name));
    return new KubernetesConfig(all);
  }

  Map<String, Object> parameters() {
    return parameters;
  }

  @Override
  public String toString() {
    return "KubernetesConfig[redacted]";
  }
}
