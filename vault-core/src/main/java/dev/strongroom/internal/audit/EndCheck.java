package dev.strongroom.internal.audit;

import dev.strongroom.AuditPosition;
import dev.strongroom.internal.chain.ChainLine;
import dev.strongroom.spi.AuditDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the end of a trail with what the store knows of it, when a device is opened. */
final class EndCheck {
  private EndCheck() {}

  /**
   * Returns what is wrong, for operators.
   *
   * @param last the last record of the device
   * @param known the last record that the store knows of
   * @param revision of the store
   */
  static List<String> of(
      AuditDevice.Tail tail,
      Optional<ChainLine> last,
      Optional<AuditPosition> known,
      long revision) {
    List<String> found = new ArrayList<>();
    if (tail.lastRecord().isPresent() && last.filter(ChainLine::hashes).isEmpty()) {
      found.add("the last line is not as the vault wrote it");
    }
    known.flatMap(anchor -> missing(last, anchor)).ifPresent(found::add);
    last.filter(line -> line.revision() > revision)
        .ifPresent(line -> found.add("the store is older than its audit trail: it has revision "
            + revision + ", and the trail knows " + line.revision() + "; it was set back"));
    return found;
  }

  private static Optional<String> missing(Optional<ChainLine> last, AuditPosition anchor) {
    if (last.isEmpty()) {
      return Optional.of("there is no record, but the store knows of " + anchor
          + ": the file was moved while the vault was sealed, or it is lost");
    }
    AuditPosition end = last.get().position();
    if (!end.chain().equals(anchor.chain())) {
      // A chain that was begun in the moment before a crash is not known to the store yet.
      return last.get().follows().filter(before -> reaches(before, anchor)).isPresent()
          ? Optional.empty()
          : Optional.of("the last record is not of the chain that the store knows of: " + anchor);
    }
    return reaches(end, anchor)
        ? Optional.empty()
        : Optional.of("the last record is " + end.sequence() + ", but the store knows of " + anchor
            + ": the end was cut off or written anew");
  }

  /** Returns whether a record is the known one, or comes later in its chain. */
  private static boolean reaches(AuditPosition end, AuditPosition anchor) {
    return end.equals(anchor)
        || (end.chain().equals(anchor.chain()) && end.sequence() > anchor.sequence());
  }
}
