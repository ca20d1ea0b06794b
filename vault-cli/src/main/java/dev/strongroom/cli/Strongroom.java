package dev.strongroom.cli;

import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code strongroom} command. */
@Command(
    name = "strongroom",
    description = "Works on files of a Strongroom vault: no vault need be open.",
    subcommands = {HelpCommand.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Strongroom {
  /** The answer is yes: allowed, as expected, unbroken. */
  static final int YES = 0;

  /** The answer is no. */
  static final int NO = 1;

  /** There is no answer: the command is wrong, or a file cannot be read. */
  static final int NO_ANSWER = 2;

  private Strongroom() {}

  /**
   * Runs one command and ends the process: with 0 if the answer is yes, 1 if it is no, and 2 if
   * there is none.
   */
  public static void main(String[] arguments) {
    System.exit(commandLine(InstantSource.system()).execute(arguments));
  }

  static CommandLine commandLine(InstantSource clock) {
    return new CommandLine(new Strongroom())
        .addSubcommand(new CommandLine(new AuditCommand()).addSubcommand(new AuditVerifyCommand()))
        .addSubcommand(new CommandLine(new PolicyCommand())
            .addSubcommand(new PolicyExplainCommand(clock))
            .addSubcommand(new PolicyTestCommand(clock)))
        .setExecutionExceptionHandler(Strongroom::withoutAnswer);
  }

  /** Wrong input gets a line; a stack trace would say nothing to who wrote it. */
  private static int withoutAnswer(
      Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println(command.getCommandName() + ": " + e.getMessage());
    command.getErr().flush();
    return NO_ANSWER;
  }
}
