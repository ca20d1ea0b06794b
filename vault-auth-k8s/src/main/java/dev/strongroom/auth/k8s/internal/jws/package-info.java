/**
 * Signed tokens (RFC 7515, compact form) read strictly, and the keys that they are checked with.
 * {@link dev.strongroom.auth.k8s.internal.jws.Jws} is the door. Knows nothing of Kubernetes.
 */
@NullMarked
package dev.strongroom.auth.k8s.internal.jws;

import org.jspecify.annotations.NullMarked;
