/**
 * The two questions that the Kubernetes API is asked: whose token this is, and which labels a
 * namespace has. {@link dev.strongroom.auth.k8s.internal.api.ApiServer} is the door. Knows nothing
 * of roles.
 */
@NullMarked
package dev.strongroom.auth.k8s.internal.api;

import org.jspecify.annotations.NullMarked;
