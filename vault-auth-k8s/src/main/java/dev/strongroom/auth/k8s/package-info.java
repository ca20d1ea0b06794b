/**
 * Logins of pods with their Kubernetes service accounts.
 * {@link dev.strongroom.auth.k8s.KubernetesAuth} is the auth method,
 * {@link dev.strongroom.auth.k8s.KubernetesLogin} how a pod logs in, and
 * {@link dev.strongroom.auth.k8s.Kubernetes} what an operator needs, the reason of a failed login
 * included.
 */
@NullMarked
package dev.strongroom.auth.k8s;

import org.jspecify.annotations.NullMarked;
