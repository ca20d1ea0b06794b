package dev.strongroom.testkit.kubernetes;

/** A pod of the stand-in's cluster, in the namespace of the service account that it runs as. */
public record Pod(String name, String uid, ServiceAccount account) {

  public String namespace() {
    return account.namespace();
  }
}
