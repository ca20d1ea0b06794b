/**
 * What the holders of key shares do together: give the vault new shares, make a root token. The
 * door is {@link dev.strongroom.internal.ceremony.Ceremonies}; it knows the keys that an unsealed
 * vault holds, and not who asks. What is under way is in memory only, and ends with the vault being
 * sealed.
 */
@NullMarked
package dev.strongroom.internal.ceremony;

import org.jspecify.annotations.NullMarked;
