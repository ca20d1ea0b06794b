/**
 * For tests of stores. {@link dev.strongroom.testkit.StorageContract} is extended by a test of
 * every store, {@link dev.strongroom.testkit.FaultyStorage} shows how a vault takes failures.
 */
@NullMarked
package dev.strongroom.testkit;

import org.jspecify.annotations.NullMarked;
