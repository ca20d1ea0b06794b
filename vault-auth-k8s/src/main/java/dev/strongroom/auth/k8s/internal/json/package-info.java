/**
 * JSON of others. {@link dev.strongroom.auth.k8s.internal.json.StrictObject} is the door. Knows
 * nothing of what it reads.
 */
@NullMarked
package dev.strongroom.auth.k8s.internal.json;

import org.jspecify.annotations.NullMarked;
