package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.MountContext;

/** The type {@code kubernetes}. */
public final class KubernetesMethodType implements AuthMethodType {
  /** The paths and parameters, and the client for them. */
  public static final String API = "the auth method kubernetes (Kubernetes)";

  private final MethodOptions options;
  private final SharedBounds bounds;

  public KubernetesMethodType(MethodOptions options) {
    this.options = options;
    this.bounds = SharedBounds.of(options);
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public AuthMethod create(MountContext context) {
    return new KubernetesMethod(context, options, bounds);
  }
}
