package dev.strongroom.cli;

import picocli.CommandLine.Model.CommandSpec;

/** A word of warning before a secret goes where others can read it. */
final class InTheClear {
  private InTheClear() {}

  static void warn(ServedVault vault, CommandSpec command) {
    if (vault.isInTheClear()) {
      command
          .commandLine()
          .getErr()
          .println("warning: without https everybody on the way can read what is sent");
      command.commandLine().getErr().flush();
    }
  }
}
