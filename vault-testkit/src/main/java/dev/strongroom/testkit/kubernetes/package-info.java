/**
 * A stand-in for a Kubernetes API server, for tests of what logs in with service account tokens:
 * {@link dev.strongroom.testkit.kubernetes.KubernetesApi}.
 */
@NullMarked
package dev.strongroom.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
