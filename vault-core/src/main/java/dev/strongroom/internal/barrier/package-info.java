/**
 * Everything between plain records and what a store sees: which key encrypts a record, where its
 * row lies, and how its name is hidden. The door is
 * {@link dev.strongroom.internal.barrier.Barrier}. It knows neither stores nor requests.
 */
@NullMarked
package dev.strongroom.internal.barrier;

import org.jspecify.annotations.NullMarked;
