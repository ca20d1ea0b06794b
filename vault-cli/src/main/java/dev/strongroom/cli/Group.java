package dev.strongroom.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A word that commands stand behind: does nothing by itself. */
@Command(mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class Group implements Runnable {
  @Spec
  private CommandSpec spec = CommandSpec.create();

  private Group() {}

  /** Returns a word and its commands. */
  static CommandLine of(String name, String description, Object... commands) {
    CommandLine group = new CommandLine(new Group()).setCommandName(name);
    group.getCommandSpec().usageMessage().description(description);
    for (Object command : commands) {
      group.addSubcommand(command);
    }
    return group;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
