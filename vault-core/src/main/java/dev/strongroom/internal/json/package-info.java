/**
 * JSON text to plain values and back, strictly and within limits. The door is
 * {@link dev.strongroom.internal.json.Json}; it knows Jackson's streaming API and nothing of the
 * vault.
 */
@NullMarked
package dev.strongroom.internal.json;

import org.jspecify.annotations.NullMarked;
