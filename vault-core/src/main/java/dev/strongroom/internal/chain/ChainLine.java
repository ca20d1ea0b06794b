package dev.strongroom.internal.chain;

import dev.strongroom.AuditPosition;
import dev.strongroom.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of an audit trail as far as the chain goes.
 *
 * @param line without its newline
 * @param type such as {@code request}
 * @param position of the record
 * @param revision of the store when it was written
 * @param previous hash of the record before it
 * @param signature of a checkpoint
 * @param hashes whether the hash is that of the line
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ChainLine(
    byte[] line,
    String type,
    AuditPosition position,
    long revision,
    String previous,
    Optional<String> signature,
    boolean hashes) {
  /** The type of the record that begins a chain. */
  public static final String CHAIN = "chain";

  static final String CHECKPOINT = "checkpoint";

  /** More than the member {@code chain} ever takes. */
  private static final int MAX_END = 512;

  /** More than a prefix and the first two members ever take. */
  private static final int MAX_BEGINNING = 512;

  private static final Pattern BEGINNING =
      Pattern.compile("[^{]*\\{\"time\":\"[^\"]*\",\"type\":\"([a-z]+)\"");
  private static final Pattern END =
      Pattern.compile(",\"chain\":\\{\"id\":\"([0-9a-f]{32})\",\"sequence\":([1-9][0-9]{0,17})"
          + ",\"revision\":(0|[1-9][0-9]{0,17}),\"previous\":\"([0-9a-f]{64})\""
          + ",\"hash\":\"([0-9a-f]{64})\"(?:,\"signature\":\"([0-9a-f]{128})\")?\\}\\}");

  static Optional<ChainLine> read(byte[] line) {
    String beginning = ascii(line, 0, Math.min(line.length, MAX_BEGINNING));
    int from = Math.max(0, line.length - MAX_END);
    String end = ascii(line, from, line.length);
    Matcher head = BEGINNING.matcher(beginning);
    int place = end.lastIndexOf(",\"chain\":{\"id\":\"");
    if (place < 0 || !head.lookingAt()) {
      return Optional.empty();
    }
    Matcher tail = END.matcher(end);
    tail.region(place, end.length());
    if (!tail.matches()) {
      return Optional.empty();
    }
    int hashed = from + tail.start(5) - ",\"hash\":\"".length();
    byte[] sum = AuditChain.sha256().digest(Arrays.copyOf(line, hashed));
    return Optional.of(new ChainLine(
        line,
        head.group(1),
        new AuditPosition(tail.group(1), Long.parseLong(tail.group(2)), tail.group(5)),
        Long.parseLong(tail.group(3)),
        tail.group(4),
        Optional.ofNullable(tail.group(6)),
        HexFormat.of().formatHex(sum).equals(tail.group(5))));
  }

  /** Returns whether this begins a chain. */
  boolean begins() {
    return type.equals(CHAIN);
  }

  boolean isCheckpoint() {
    return type.equals(CHECKPOINT);
  }

  /** Returns the record that a new chain follows; empty for any other record. */
  public Optional<AuditPosition> follows() {
    return begins() ? position("follows") : Optional.empty();
  }

  /** Returns a member that names a record; empty if there is none, or what is there names none. */
  Optional<AuditPosition> position(String name) {
    try {
      return members().get(name) instanceof String text && !text.isEmpty()
          ? Optional.of(AuditPosition.parse(text))
          : Optional.empty();
    } catch (IllegalArgumentException e) { // anybody who can write to the file writes a line
      return Optional.empty();
    }
  }

  /**
   * Returns all members, of a record that the vault wrote about itself; none of a line that only
   * looks like one.
   */
  Map<String, @Nullable Object> members() {
    String text = new String(line, StandardCharsets.UTF_8);
    try {
      return Json.parse(text.substring(text.indexOf('{')));
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
