/** Programs that check a whole vault from outside, with a published face only. */
@NullMarked
package dev.strongroom.checks;

import org.jspecify.annotations.NullMarked;
