/**
 * Keyed hashes. The door is {@link dev.strongroom.internal.hmac.HmacSha256}; it knows nothing of
 * what is hashed.
 */
@NullMarked
package dev.strongroom.internal.hmac;

import org.jspecify.annotations.NullMarked;
