/**
 * Secrets, with versions or without. {@link dev.strongroom.kv.Kv} is mounted,
 * {@link dev.strongroom.kv.KvStore} reads and writes, {@link dev.strongroom.kv.Kv1Store} does where
 * there are no versions, {@link dev.strongroom.kv.Bound} follows. The engine has one class for each
 * family of paths.
 */
@NullMarked
package dev.strongroom.kv;

import org.jspecify.annotations.NullMarked;
