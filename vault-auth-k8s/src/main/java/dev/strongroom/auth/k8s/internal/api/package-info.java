/**
 * The questions that the Kubernetes API is asked: whose token this is, which labels a namespace
 * has, and whether a service account is still the one it was.
 * {@link dev.strongroom.auth.k8s.internal.api.ApiServer} is the door. Knows nothing of roles.
 */
@NullMarked
package dev.strongroom.auth.k8s.internal.api;

import org.jspecify.annotations.NullMarked;
