/**
 * The {@code strongroom} command, one class for each subcommand. It holds no rule: what it says
 * comes from the vault's own classes.
 */
@NullMarked
package dev.strongroom.cli;

import org.jspecify.annotations.NullMarked;
