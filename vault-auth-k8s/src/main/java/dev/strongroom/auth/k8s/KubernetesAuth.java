package dev.strongroom.auth.k8s;

import dev.strongroom.auth.k8s.internal.method.KubernetesMethodType;
import dev.strongroom.spi.AuthMethodType;

/**
 * Logins of pods with the tokens of their service accounts, which the Kubernetes API confirms
 * (TokenReview). Same paths, rules and texts as the {@code kubernetes} auth method of OpenBao
 * v2.6.2.
 */
public final class KubernetesAuth {
  private KubernetesAuth() {}

  /** Returns the auth method, for {@link dev.strongroom.VaultBuilder#auth}. */
  public static AuthMethodType method() {
    return new KubernetesMethodType();
  }
}
