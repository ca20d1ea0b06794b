package alone;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Vault;
import dev.strongroom.auth.k8s.Kubernetes;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesRole;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (InMemoryVault vault = Vault.inMemory(builder -> builder.auth("kubernetes", KubernetesAuth.method()))) {
      Kubernetes.at(vault.root(), "kubernetes").putRole("app", KubernetesRole.of("default", "app").withAudience("vault"));
    }
  }
}
