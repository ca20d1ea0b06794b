/**
 * Versioned secrets. {@link dev.strongroom.kv.Kv} is mounted, {@link dev.strongroom.kv.KvStore}
 * reads and writes, {@link dev.strongroom.kv.Bound} follows. The engine has one class for each
 * family of paths.
 */
@NullMarked
package dev.strongroom.kv;

import org.jspecify.annotations.NullMarked;
