/**
 * The vault's own paths: {@code sys/}, {@code auth/token/} and {@code identity/}, one class for
 * each family. The door is {@link dev.strongroom.internal.system.SystemEngines}.
 */
@NullMarked
package dev.strongroom.internal.system;

import org.jspecify.annotations.NullMarked;
