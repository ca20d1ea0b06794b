/**
 * The way in: build a {@link dev.strongroom.Vault}, open a {@link dev.strongroom.Session}, and what
 * can go wrong. Typed clients of the vault's own paths are here too; those of engines live with
 * their engine.
 */
@NullMarked
package dev.strongroom;

import org.jspecify.annotations.NullMarked;
