package alone;

import dev.strongroom.testkit.LogCanary;
import dev.strongroom.testkit.kubernetes.KubernetesApi;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    try (LogCanary canary = LogCanary.listen();
        KubernetesApi cluster = KubernetesApi.start()) {
      canary.assertNeverLogged(cluster.url() + "/never");
    }
  }
}
