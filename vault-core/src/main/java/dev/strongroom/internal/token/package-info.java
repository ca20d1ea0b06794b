/**
 * Tokens: who a caller is, how long, and what ends with it. The door is
 * {@link dev.strongroom.internal.token.TokenStore}; it knows policies by name, entities by id, and
 * engines not at all.
 */
@NullMarked
package dev.strongroom.internal.token;

import org.jspecify.annotations.NullMarked;
