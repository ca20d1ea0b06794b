/**
 * Response wrapping: content that waits behind a token and is given once. The door is
 * {@link dev.strongroom.internal.wrapping.ResponseWrapping}. It knows tokens and cubbyholes, not
 * who may ask for what.
 */
@NullMarked
package dev.strongroom.internal.wrapping;

import org.jspecify.annotations.NullMarked;
