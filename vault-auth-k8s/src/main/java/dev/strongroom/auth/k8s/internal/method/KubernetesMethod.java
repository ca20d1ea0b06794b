package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.util.List;
import java.util.Optional;

/** The auth method {@code kubernetes} at one mount. */
final class KubernetesMethod implements AuthMethod {
  private final List<Route> routes = new RolePath().routes();

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(KubernetesRole.KIND);
  }

  /** Renews within what the role says now. */
  @Override
  public Optional<Lifetimes> renew(Storage storage, IssuedToken token) {
    return Optional.empty();
  }
}
