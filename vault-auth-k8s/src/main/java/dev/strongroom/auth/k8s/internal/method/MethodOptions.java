package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.auth.k8s.internal.api.ApiLimits;
import java.nio.file.Path;
import java.util.Set;

/**
 * What the host program decides.
 *
 * @param folder of the pod's own token and authorities
 */
public record MethodOptions(Path folder, ApiLimits limits, Set<Relaxation> relaxations) {
  public MethodOptions {
    relaxations = Set.copyOf(relaxations);
  }

  boolean allows(Relaxation relaxation) {
    return relaxations.contains(relaxation);
  }
}
