/**
 * What tokens keep for themselves, and what waits behind wrapping tokens. The door is
 * {@link dev.strongroom.internal.cubbyhole.Cubbyholes}. It finds a cubbyhole by its id, and knows
 * neither tokens nor what is in it.
 */
@NullMarked
package dev.strongroom.internal.cubbyhole;

import org.jspecify.annotations.NullMarked;
