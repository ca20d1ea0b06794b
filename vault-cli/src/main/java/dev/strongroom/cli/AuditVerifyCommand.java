package dev.strongroom.cli;

import dev.strongroom.AuditLog;
import dev.strongroom.AuditPosition;
import dev.strongroom.AuditVerification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code strongroom audit verify}: whether audit files are as the vault wrote them. */
@Command(
    name = "verify",
    description =
        "Says whether the files of an audit device are as the vault wrote them, or which line is the first that is not.",
    footer = "%nEnds with 0 if they are intact, 1 if they are broken, 2 if there is no answer.",
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
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

  @Mixin
  private FormatOption format = new FormatOption();

  @Override
  public Integer call() {
    AuditLog log = AuditLog.unknown();
    log = key.isEmpty() ? log : log.signedBy(key);
    log = contains.isEmpty() ? log : log.containing(AuditPosition.parse(contains));
    AuditVerification found = log.verifyAll(files);
    return found instanceof AuditVerification.Intact intact
        ? print(intact)
        : print((AuditVerification.Broken) found);
  }

  private int print(AuditVerification.Intact intact) {
    boolean good = !whole || intact.isWhole();
    format.print(members(intact), lines(intact, good));
    return good ? Strongroom.YES : Strongroom.NO;
  }

  private static Map<String, Object> members(AuditVerification.Intact intact) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("intact", true);
    members.put("whole", intact.isWhole());
    members.put("records", intact.records());
    members.put("signed", intact.signed());
    members.put("first", intact.first().toString());
    members.put("from_the_beginning", intact.fromTheBeginning());
    members.put("last", intact.last().toString());
    members.put("closed", intact.closed());
    intact.publicKey().ifPresent(found -> members.put("public_key", found));
    return members;
  }

  private List<String> lines(AuditVerification.Intact intact, boolean good) {
    List<String> lines = new ArrayList<>();
    lines.add((good ? "intact: " : "broken: not whole: ") + intact.records() + " records, "
        + intact.signed() + " of them signed");
    lines.add("first:  " + intact.first()
        + (intact.fromTheBeginning()
            ? ", the beginning"
            : "; earlier files have what came before"));
    lines.add("last:   " + intact.last()
        + (intact.closed() ? ", closed" : "; not closed: what came after it may be missing"));
    intact
        .publicKey()
        .ifPresent(found -> lines.add(
            "key:    " + found + (key.isEmpty() ? "; compare it with that of the vault" : "")));
    return lines;
  }

  private int print(AuditVerification.Broken broken) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("intact", false);
    if (broken.file() != null) {
      members.put("file", broken.file().toString());
    }
    members.put("line", broken.line());
    members.put("reason", broken.reason());
    format.print(members, List.of("broken: " + broken));
    return Strongroom.NO;
  }
}
