import org.jspecify.annotations.NullMarked;

/**
 * What tests of stores need: {@link dev.strongroom.testkit.StorageContract}, the contract of every
 * store as tests, and {@link dev.strongroom.testkit.FaultyStorage}, a store that fails on purpose;
 * {@link dev.strongroom.testkit.LogCanary}, which hears secrets in the log; and
 * {@link dev.strongroom.testkit.kubernetes.KubernetesApi}, a stand-in for a Kubernetes API server.
 */
@NullMarked
module dev.strongroom.testkit {
  requires transitive dev.strongroom;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires java.logging;
  requires org.bouncycastle.provider;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.strongroom.testkit;
  exports dev.strongroom.testkit.kubernetes;

  opens dev.strongroom.testkit to
      org.junit.platform.commons;
}
