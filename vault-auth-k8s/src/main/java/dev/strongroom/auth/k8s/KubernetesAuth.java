package dev.strongroom.auth.k8s;

import dev.strongroom.auth.k8s.internal.api.ApiLimits;
import dev.strongroom.auth.k8s.internal.method.KubernetesMethodType;
import dev.strongroom.auth.k8s.internal.method.MethodOptions;
import dev.strongroom.spi.AuthMethodType;
import java.time.Duration;

/**
 * Logins of pods with the tokens of their service accounts, which the Kubernetes API confirms
 * (TokenReview). Same paths and rules as the {@code kubernetes} auth method of OpenBao v2.6.2, but
 * for what {@link Relaxation} names, and beside them {@code explain}, which says why a login fails.
 */
public final class KubernetesAuth {
  private static final Duration TURN = Duration.ofSeconds(2);

  private KubernetesAuth() {}

  /** Returns the auth method, for {@link dev.strongroom.VaultBuilder#auth}. */
  public static AuthMethodType method() {
    return method(KubernetesOptions.DEFAULT);
  }

  /** As {@link #method()}, with other options. */
  public static AuthMethodType method(KubernetesOptions options) {
    return new KubernetesMethodType(new MethodOptions(
        options.serviceAccountFolder(),
        new ApiLimits(
            options.connectTimeout(), options.answerTimeout(), options.concurrentReviews(), TURN),
        options.relaxations()));
  }
}
