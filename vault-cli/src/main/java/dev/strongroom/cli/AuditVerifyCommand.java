package dev.strongroom.cli;

import dev.strongroom.AuditLog;
import dev.strongroom.AuditPosition;
import dev.strongroom.AuditVerification;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strongroom audit verify}: whether audit files are as the vault wrote them. */
@Command(
    name = "verify",
    description =
        "Says whether the files of an audit device are as the vault wrote them, or which line is the first that is not.",
    footer = "%nEnds with 0 if they are intact, 1 if they are broken, 2 if there is no answer.",
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Files of one device, in the order in which they were written.")
  private List<Path> files = List.of();

  @Option(
      names = "--key",
      paramLabel = "HEX",
      description = "Public key of the vault, from Vault.auditPublicKey().")
  private String key = "";

  @Option(
      names = "--contains",
      paramLabel = "CHAIN:SEQUENCE:HASH",
      description = "A record that must be there, from Vault.auditStatus().")
  private String contains = "";

  @Option(
      names = "--whole",
      description =
          "Demands that nothing can be missing before the first record or after the last.")
  private boolean whole;

  @Override
  public Integer call() {
    AuditLog log = AuditLog.unknown();
    log = key.isEmpty() ? log : log.signedBy(key);
    log = contains.isEmpty() ? log : log.containing(AuditPosition.parse(contains));
    AuditVerification found = log.verifyAll(files);
    PrintWriter out = spec.commandLine().getOut();
    boolean good = found instanceof AuditVerification.Intact intact
        ? print(intact, out)
        : print((AuditVerification.Broken) found, out);
    out.flush();
    return good ? Strongroom.YES : Strongroom.NO;
  }

  private boolean print(AuditVerification.Intact intact, PrintWriter out) {
    boolean good = !whole || intact.isWhole();
    out.println((good ? "intact: " : "broken: not whole: ") + intact.records() + " records, "
        + intact.signed() + " of them signed");
    out.println("first:  " + intact.first()
        + (intact.fromTheBeginning()
            ? ", the beginning"
            : "; earlier files have what came before"));
    out.println("last:   " + intact.last()
        + (intact.closed() ? ", closed" : "; not closed: what came after it may be missing"));
    intact
        .publicKey()
        .ifPresent(found -> out.println(
            "key:    " + found + (key.isEmpty() ? "; compare it with that of the vault" : "")));
    return good;
  }

  private static boolean print(AuditVerification.Broken broken, PrintWriter out) {
    out.println("broken: " + broken);
    return false;
  }
}
