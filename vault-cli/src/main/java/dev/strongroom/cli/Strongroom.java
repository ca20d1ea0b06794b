package dev.strongroom.cli;

import dev.strongroom.VaultException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code strongroom} command. */
@Command(
    name = "strongroom",
    description =
        "Looks after Strongroom vaults: their stores, keys, policies, snapshots and audit files.",
    footer = "%nEvery long option may be written with two dashes: --format=json is -format=json.",
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

  // Commands that do something end as those of OpenBao and HashiCorp Vault do.

  /** It is done; as a status: it is unsealed. */
  static final int DONE = 0;

  /** The command is wrong, or something failed here. */
  static final int FAILED_HERE = 1;

  /** The store or the server refused; as a status: it is sealed. */
  static final int REFUSED = 2;

  private Strongroom() {}

  /**
   * Runs one command and ends the process. Commands that answer a question end with 0 if the answer
   * is yes, 1 if it is no, and 2 if there is none. Those of {@code operator} and {@code snapshot}
   * end with 0 if it is done, 1 if something failed here, and 2 if store or server refused.
   */
  public static void main(String[] arguments) {
    System.exit(
        commandLine(Surroundings.ofThisProcess()).setOut(standardOutput()).execute(arguments));
  }

  /** Tells when it cannot be written, which {@code System.out} keeps to itself. */
  private static PrintWriter standardOutput() {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), Charset.defaultCharset()));
  }

  static CommandLine commandLine(Surroundings around) {
    CommandLine command = new CommandLine(new Strongroom())
        .addSubcommand(Group.of("audit", "Reads audit files.", new AuditVerifyCommand()))
        .addSubcommand(Group.of(
            "policy",
            "Asks policy files what they allow, and lays them out.",
            new PolicyExplainCommand(around.time()),
            new PolicyFmtCommand(around.time()),
            new PolicyTestCommand(around.time())))
        .addSubcommand(doing(Group.of(
            "snapshot",
            "Saves, restores and verifies snapshots of stores that no vault has open.",
            new SnapshotRestoreCommand(),
            new SnapshotSaveCommand(around),
            new SnapshotVerifyCommand(around))))
        .addSubcommand(doing(Group.of(
            "operator",
            "Makes the keys of a vault, tries them, unseals and seals.",
            new OperatorCheckSharesCommand(around),
            new OperatorInitCommand(),
            new OperatorSealCommand(around),
            new OperatorStatusCommand(around),
            new OperatorUnsealCommand(around))));
    command.addSubcommand(new DoctorCommand(around));
    withOneDash(command);
    withVersion(command);
    return command
        .setParameterExceptionHandler(Strongroom::misused)
        .setExecutionExceptionHandler(Strongroom::failed)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Lets commands end as those that do something. */
  private static CommandLine doing(CommandLine group) {
    group.getCommandSpec().exitCodeOnInvalidInput(FAILED_HERE);
    group.getSubcommands().values().forEach(command -> command
        .getCommandSpec()
        .exitCodeOnInvalidInput(FAILED_HERE));
    return group;
  }

  /** A key share that somebody gave as an argument must not be printed, too. */
  private static int misused(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    int code = command.getCommandSpec().exitCodeOnInvalidInput();
    boolean mayBeSecret = code == FAILED_HERE && e instanceof UnmatchedArgumentException;
    PrintWriter err = command.getErr();
    err.println(
        mayBeSecret
            ? "An argument or option is not known. Key shares and tokens are never arguments:"
                + " type them at the prompt, or pipe them to standard input."
            : e.getMessage());
    command.usage(err);
    err.flush();
    return code;
  }

  /**
   * Gives every long option the one form that people know from {@code vault}, in help and in
   * messages; the form with two dashes is understood.
   */
  private static void withOneDash(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    Set<String> twoDashes = new HashSet<>();
    for (OptionSpec option : List.copyOf(spec.options())) {
      Stream.of(option.names()).filter(name -> name.startsWith("--")).forEach(twoDashes::add);
      String[] names = Stream.of(option.names())
          .map(name -> name.startsWith("--") ? name.substring(1) : name)
          .toArray(String[]::new);
      spec.remove(option);
      spec.addOption(OptionSpec.builder(option).names(names).build());
    }
    spec.preprocessor((arguments, unused, none, info) -> {
      arguments.replaceAll(
          argument -> twoDashes.contains(nameIn(argument)) ? argument.substring(1) : argument);
      return false; // go on with these
    });
    command.getSubcommands().values().forEach(Strongroom::withOneDash);
  }

  private static String nameIn(String argument) {
    int end = argument.indexOf('=');
    return end < 0 ? argument : argument.substring(0, end);
  }

  /** Lets every command say which version this is; that is read when it is asked. */
  private static void withVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(Strongroom::version);
    command.getSubcommands().values().forEach(Strongroom::withVersion);
  }

  private static String[] version() throws IOException {
    try (InputStream text =
        Objects.requireNonNull(Strongroom.class.getResourceAsStream("version.txt"))) {
      String version = new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
      return new String[] {"strongroom " + version};
    }
  }

  /** Wrong input gets a line; a stack trace would say nothing to who wrote it. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println(command.getCommandName() + ": " + message(e));
    command.getErr().flush();
    return e instanceof VaultException || e instanceof ServerRefused
        ? REFUSED
        : command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Returns a text for users: of these files the JDK tells nothing but the name. */
  static String message(Exception e) {
    if (e instanceof UncheckedIOException && e.getCause() instanceof IOException cause) {
      return message(cause);
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
