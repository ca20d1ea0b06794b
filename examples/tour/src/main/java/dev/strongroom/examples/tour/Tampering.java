package dev.strongroom.examples.tour;

import static dev.strongroom.examples.tour.Console.chapter;
import static dev.strongroom.examples.tour.Console.require;
import static dev.strongroom.examples.tour.Console.say;

import dev.strongroom.AuditLog;
import dev.strongroom.AuditVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every request left two records, and a record cannot be changed unnoticed. */
final class Tampering {
  private Tampering() {}

  static void tell(Path audit, String publicKey) throws IOException {
    chapter("An audit log that shows who touched it");
    AuditLog log = AuditLog.unknown().signedBy(publicKey);
    AuditVerification before = log.verifyAll(List.of(audit));
    if (!(before instanceof AuditVerification.Intact intact && intact.isWhole())) {
      throw new IllegalStateException("the log is not whole: " + before);
    }
    say("as it is: " + intact.records() + " records, whole, signed by the vault");

    List<String> lines = new ArrayList<>(Files.readAllLines(audit));
    int victim = lines.size() / 2;
    lines.set(
        victim,
        lines.get(victim).replaceFirst("\"operation\":\"[a-z]+\"", "\"operation\":\"help\""));
    Path forged = Files.write(audit.resolveSibling("forged.log"), lines);
    AuditVerification after = log.verifyAll(List.of(forged));
    require(!after.isIntact(), "the forgery is seen: " + after);
    say("with one word changed: " + after);
  }
}
