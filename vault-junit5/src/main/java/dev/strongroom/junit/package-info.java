/**
 * The real vault in a test: {@link dev.strongroom.junit.VaultTest} at a class, or a
 * {@link dev.strongroom.junit.VaultExtension} in a field, and a
 * {@link dev.strongroom.junit.TestVault} as parameter. Compiled against JUnit Jupiter 5.10.
 */
@NullMarked
package dev.strongroom.junit;

import org.jspecify.annotations.NullMarked;
