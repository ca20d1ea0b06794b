/**
 * Which sites' pages may use the vault from a browser: kept here, followed by whoever serves the
 * vault over HTTP. The door is {@link dev.strongroom.internal.cors.CorsStore}. Knows the store.
 */
@NullMarked
package dev.strongroom.internal.cors;

import org.jspecify.annotations.NullMarked;
