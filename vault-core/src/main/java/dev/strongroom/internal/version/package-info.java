/**
 * Which versions of the vault have opened the store. The door is
 * {@link dev.strongroom.internal.version.VersionHistory}. Knows the store.
 */
@NullMarked
package dev.strongroom.internal.version;

import org.jspecify.annotations.NullMarked;
