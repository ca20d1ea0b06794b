package dev.strongroom.testkit.kubernetes;

/**
 * A service account of the stand-in's cluster. One that was deleted and made again has another uid.
 */
public record ServiceAccount(String namespace, String name, String uid) {

  /** Returns how the API server calls it: {@code system:serviceaccount:<namespace>:<name>}. */
  public String userName() {
    return "system:serviceaccount:" + namespace + ":" + name;
  }
}
