/** The words every layer speaks: what is asked, of which path, and what came of it. */
@NullMarked
package dev.strongroom.request;

import org.jspecify.annotations.NullMarked;
