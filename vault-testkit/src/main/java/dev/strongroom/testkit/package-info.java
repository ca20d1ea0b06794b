/**
 * For tests of what extends or uses a vault. {@link dev.strongroom.testkit.StorageContract} is
 * extended by a test of every store, {@link dev.strongroom.testkit.FaultyStorage} shows how a vault
 * takes failures, {@link dev.strongroom.testkit.LogCanary} finds secrets in the log, and
 * {@link dev.strongroom.testkit.kubernetes.KubernetesApi} stands in for a Kubernetes API server.
 */
@NullMarked
package dev.strongroom.testkit;

import org.jspecify.annotations.NullMarked;
