/** Values that wipe themselves and never print. */
@NullMarked
package dev.strongroom.secret;

import org.jspecify.annotations.NullMarked;
