package dev.strongroom.testkit.kubernetes;

/** What the stand-in shows to who connects. */
public enum ServerCertificate {
  /** Signed by {@link KubernetesApi#ca()}, for 127.0.0.1, localhost and kubernetes.default.svc. */
  GOOD,
  /** As the good one, but signed by {@link KubernetesApi#otherCa()}. */
  OF_ANOTHER_CA,
  /** Signed by the right authority, for another host. */
  FOR_ANOTHER_HOST,
  /** As the good one, but it ended long ago. */
  EXPIRED
}
