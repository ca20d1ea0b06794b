/**
 * Policies: their language, where they are stored, and what sets of them allow. The door is
 * {@link dev.strongroom.internal.policy.PolicyStore}. It knows paths, operations and parameters,
 * but neither callers nor engines: what a route needs beside a capability is not asked here.
 */
@NullMarked
package dev.strongroom.internal.policy;

import org.jspecify.annotations.NullMarked;
