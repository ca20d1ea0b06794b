package dev.strongroom.internal.chain;

import dev.strongroom.AuditPosition;
import dev.strongroom.AuditVerification;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a chain from line to line, over files in the order in which they were written, and stops
 * at the first one that is not as it must be. Takes memory for one line, and for the hashes of what
 * no checkpoint covers. For one thread.
 */
public final class ChainVerifier {
  /** Longer than any record: a request has at most 32 MiB of values. */
  private static final int MAX_LINE = 256 * 1024 * 1024;

  /** The vault signs after half as many. */
  private static final int MOST_UNSIGNED = 2_000;

  /** More crashes in a row than a trail has between two commits. */
  private static final int MOST_OPEN_CHAINS = 256;

  private final Optional<AuditPosition> anchor;
  private final Map<String, AuditPosition> ends = new HashMap<>();

  // By chain: the hashes behind its last checkpoint, by sequence. No signature covers them, so what
  // a later chain tells of them must be compared: somebody may have written them anew, and more.
  private final Map<String, Map<Long, String>> unsigned = new LinkedHashMap<>();
  private Optional<String> publicKey;
  private @Nullable ChainLine first;
  private @Nullable ChainLine last;
  private @Nullable Path file;
  private long line;
  private boolean atEnd;
  private long tornLine;
  private long records;
  private long signed;
  private boolean fromTheBeginning;
  private boolean closed;
  private boolean anchored;

  ChainVerifier(Optional<String> publicKey, Optional<AuditPosition> anchor) {
    this.publicKey = publicKey;
    this.anchor = anchor;
  }

  /**
   * Reads the next file; empty if everything in it is as it must be.
   *
   * @throws IOException if it cannot be read
   */
  public Optional<AuditVerification.Broken> read(Path next) throws IOException {
    file = next;
    line = 0;
    tornLine = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(next), 1 << 16)) {
      while (true) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        Optional<String> wrong = readLine(in, bytes);
        if (wrong.isEmpty() && bytes.size() == 0 && atEnd) {
          return tornLine == 0 ? Optional.empty() : broken(tornLine, "the line is no record");
        }
        line++;
        wrong = wrong.or(() -> check(bytes.toByteArray()));
        if (wrong.isPresent()) {
          return broken(tornLine == 0 ? line : tornLine, wrong.get());
        }
      }
    }
  }

  /** Returns what was found when the last file has been read. */
  public AuditVerification end() {
    if (first == null || last == null) {
      return new AuditVerification.Broken(file, 1, "there is no record");
    }
    if (anchor.isPresent() && !anchored) {
      return new AuditVerification.Broken(
          file,
          line + 1,
          "record " + anchor.get().sequence() + " of chain " + anchor.get().chain()
              + ", which the store knows of, is missing");
    }
    return new AuditVerification.Intact(
        records, first.position(), last.position(), fromTheBeginning, closed, publicKey, signed);
  }

  /** Returns what is wrong with a line that cannot be read. */
  private Optional<String> readLine(InputStream in, ByteArrayOutputStream bytes)
      throws IOException {
    int read = in.read();
    while (read >= 0 && read != '\n') {
      if (bytes.size() == MAX_LINE) {
        return Optional.of("the line is longer than any record");
      }
      bytes.write(read);
      read = in.read();
    }
    atEnd = read < 0;
    return atEnd && bytes.size() > 0
        ? Optional.of("the line does not end: its record is incomplete")
        : Optional.empty();
  }

  /** Returns what is wrong. */
  private Optional<String> check(byte[] bytes) {
    Optional<ChainLine> read = ChainLine.read(bytes);
    if (read.isEmpty()) {
      boolean second = tornLine > 0;
      tornLine = second ? tornLine : line;
      return second || bytes.length == 0
          ? Optional.of("the line is no record")
          : Optional.empty(); // accepted if the next record says so
    }
    ChainLine record = read.get();
    Optional<String> wrong = checkItself(record)
        .or(() -> record.begins() ? checkBeginning(record) : checkNext(record))
        .or(() -> record.isCheckpoint() ? checkSignature(record) : Optional.empty());
    if (wrong.isPresent()) {
      return wrong;
    }
    if (anchor.filter(known -> isAt(known, record)).isPresent()) {
      if (!anchor.get().equals(record.position())) {
        return Optional.of("the record is not the one that the store knows of");
      }
      anchored = true;
    }
    tornLine = 0;
    first = first == null ? record : first;
    last = record;
    ends.put(record.position().chain(), record.position());
    records++;
    return remember(record);
  }

  private Optional<String> remember(ChainLine record) {
    String chain = record.position().chain();
    if (record.isCheckpoint()) {
      unsigned.remove(chain);
      return Optional.empty();
    }
    Map<Long, String> hashes = unsigned.computeIfAbsent(chain, unused -> new HashMap<>());
    hashes.put(record.position().sequence(), record.position().hash());
    if (unsigned.size() > MOST_OPEN_CHAINS) {
      unsigned.remove(unsigned.keySet().iterator().next());
    }
    return hashes.size() <= MOST_UNSIGNED
        ? Optional.empty()
        : Optional.of("no checkpoint is among the last " + MOST_UNSIGNED + " records");
  }

  /** Returns whether a record that came before is another one than a later chain says. */
  private boolean differs(AuditPosition known) {
    String hash = unsigned.getOrDefault(known.chain(), Map.of()).get(known.sequence());
    return hash != null && !hash.equals(known.hash());
  }

  private static boolean isAt(AuditPosition known, ChainLine record) {
    return known.chain().equals(record.position().chain())
        && known.sequence() == record.position().sequence();
  }

  private static Optional<String> checkItself(ChainLine record) {
    if (!record.hashes()) {
      return Optional.of("the record was changed: its hash is another one");
    }
    return record.signature().isPresent() == record.isCheckpoint()
        ? Optional.empty()
        : Optional.of("checkpoints are signed, and nothing else is");
  }

  private Optional<String> checkNext(ChainLine record) {
    closed = false;
    if (tornLine > 0) {
      return Optional.of("the line is no record");
    }
    ChainLine before = last;
    long sequence = record.position().sequence();
    if (before == null) {
      return sequence == 1
          ? Optional.of("a chain does not begin like this")
          : Optional.empty(); // an earlier file has what came before
    }
    if (!record.position().chain().equals(before.position().chain())) {
      return Optional.of("the record belongs to another chain, whose beginning is missing");
    }
    long expected = before.position().sequence() + 1;
    if (sequence < expected) {
      return Optional.of("record " + sequence + " comes again, or too late: expected " + expected);
    }
    if (sequence > expected) {
      return Optional.of("missing: " + missing(expected, sequence - 1));
    }
    return record.previous().equals(before.position().hash())
        ? Optional.empty()
        : Optional.of("the record before was changed: its hash is not the one named here");
  }

  private static String missing(long from, long to) {
    return from == to ? "record " + from : "records " + from + " to " + to;
  }

  private Optional<String> checkBeginning(ChainLine record) {
    closed = false;
    Map<String, ?> members = record.members();
    Optional<AuditPosition> follows = record.position("follows");
    boolean recovered = Boolean.TRUE.equals(members.get("recovered"));
    if (record.position().sequence() != 1
        || !record.previous().equals(follows.map(AuditPosition::hash).orElse(AuditChain.NOTHING))) {
      return Optional.of("a chain does not begin like this");
    }
    if (recovered != tornLine > 0) {
      return Optional.of(
          recovered ? "the incomplete line before this one is missing" : "the line is no record");
    }
    Optional<String> otherKey = checkKey(members);
    if (otherKey.isPresent()) {
      return otherKey;
    }
    if (last == null) {
      fromTheBeginning = follows.isEmpty();
      return Optional.empty();
    }
    return checkFollows(last.position(), follows, "store".equals(members.get("known_from")))
        .or(() -> record.position("anchored").flatMap(this::checkAnchored));
  }

  /** The store knows the records up to its last commit; the device knows the last one. */
  private Optional<String> checkFollows(
      AuditPosition before, Optional<AuditPosition> follows, boolean knownFromStore) {
    if (follows.isEmpty()) {
      return Optional.of("a chain begins that does not follow the record before it");
    }
    AuditPosition named = follows.get();
    if (named.equals(before)) {
      return Optional.empty();
    }
    if (!named.chain().equals(before.chain())) {
      return Optional.of("missing: the end of chain " + named.chain());
    }
    if (named.sequence() > before.sequence()) {
      return Optional.of("missing: " + missing(before.sequence() + 1, named.sequence()));
    }
    return knownFromStore && named.sequence() < before.sequence() && !differs(named)
        ? Optional.empty()
        : Optional.of("the chain does not follow the record before it");
  }

  /** What the store knew of at an unseal must be among the records before it. */
  private Optional<String> checkAnchored(AuditPosition known) {
    AuditPosition end = ends.get(known.chain());
    if (end == null) {
      return fromTheBeginning
          ? Optional.of("missing: chain " + known.chain())
          : Optional.empty(); // an earlier file may have it
    }
    if (end.sequence() < known.sequence()) {
      return Optional.of("missing: " + missing(end.sequence() + 1, known.sequence()) + " of chain "
          + known.chain());
    }
    return differs(known) || (end.sequence() == known.sequence() && !end.equals(known))
        ? Optional.of("record " + known.sequence() + " of chain " + known.chain()
            + " is not the one that the store knew of")
        : Optional.empty();
  }

  private Optional<String> checkSignature(ChainLine record) {
    Map<String, ?> members = record.members();
    Optional<String> otherKey = checkKey(members);
    if (otherKey.isPresent()) {
      return otherKey;
    }
    if (!ChainKey.verifies(
        publicKey.orElseThrow(), record.position().hash(), record.signature().orElseThrow())) {
      return Optional.of("the signature of the checkpoint is wrong");
    }
    closed = Boolean.TRUE.equals(members.get("closed"));
    signed = records + 1;
    return Optional.empty();
  }

  /** The first key counts for all, unless the caller brought one. */
  private Optional<String> checkKey(Map<String, ?> members) {
    String named = String.valueOf(members.get("public_key"));
    if (!named.matches("[0-9a-f]{64}")) {
      return Optional.of("the record names no key");
    }
    if (publicKey.isEmpty()) {
      publicKey = Optional.of(named);
    }
    return publicKey.get().equals(named)
        ? Optional.empty()
        : Optional.of("the record names another key: it was not written by this vault");
  }

  private Optional<AuditVerification.Broken> broken(long at, String reason) {
    return Optional.of(new AuditVerification.Broken(file, at, reason));
  }
}
