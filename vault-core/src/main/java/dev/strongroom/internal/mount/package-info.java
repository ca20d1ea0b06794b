/**
 * What is mounted where, and which route of which engine a path leads to. The door is
 * {@link dev.strongroom.internal.mount.Router}; it knows engines by their type and nothing of
 * callers.
 */
@NullMarked
package dev.strongroom.internal.mount;

import org.jspecify.annotations.NullMarked;
