/**
 * What a vault counts of its work. The door is {@link dev.strongroom.internal.metrics.Metrics}. Is
 * told what has happened and knows nobody; sees no value of a request.
 */
@NullMarked
package dev.strongroom.internal.metrics;

import org.jspecify.annotations.NullMarked;
