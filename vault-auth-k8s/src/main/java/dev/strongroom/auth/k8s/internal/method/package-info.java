/**
 * The auth method {@code kubernetes}: one class for each family of paths.
 * {@link dev.strongroom.auth.k8s.internal.method.KubernetesMethodType} is the door.
 */
@NullMarked
package dev.strongroom.auth.k8s.internal.method;

import org.jspecify.annotations.NullMarked;
