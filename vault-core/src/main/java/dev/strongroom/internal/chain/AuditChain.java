package dev.strongroom.internal.chain;

import dev.strongroom.AuditPosition;
import dev.strongroom.internal.random.RandomText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Links the records of one device. Each line ends with a member {@code chain}: which chain, the
 * number of the record in it, the revision of the store, the hash of the record before it, and its
 * own hash, which is SHA-256 over all of the line before {@code ,"hash":}. A checkpoint has a
 * signature over its own hash besides. A link counts when it is accepted, so a record that the
 * device did not take leaves no gap. For one thread at a time.
 */
public final class AuditChain {
  static final String NOTHING = "0".repeat(64);

  private final String id;
  private final MessageDigest digest = sha256();
  private long sequence;
  private String hash;

  /**
   * Begins a chain.
   *
   * @param follows the last record before it
   */
  public AuditChain(SecureRandom random, Optional<AuditPosition> follows) {
    this.id = new RandomText(random).hex(16);
    this.hash = follows.map(AuditPosition::hash).orElse(NOTHING);
  }

  /** A record that is ready to be written. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Link(byte[] line, long sequence, String hash) {}

  /**
   * Makes the next line.
   *
   * @param record a JSON object without its closing brace, behind the prefix of the device
   * @param revision of the store
   */
  public Link next(byte[] record, long revision) {
    return link(record, revision, Optional.empty());
  }

  /** As {@link #next}, signed. */
  public Link checkpoint(byte[] record, long revision, ChainKey key) {
    return link(record, revision, Optional.of(key));
  }

  /** Notes that a line was written. */
  public void accept(Link link) {
    sequence = link.sequence;
    hash = link.hash;
  }

  /** Returns the last record; empty before the first one. */
  public Optional<AuditPosition> end() {
    return sequence == 0 ? Optional.empty() : Optional.of(new AuditPosition(id, sequence, hash));
  }

  public String id() {
    return id;
  }

  private Link link(byte[] record, long revision, Optional<ChainKey> key) {
    byte[] place = ascii(",\"chain\":{\"id\":\"" + id + "\",\"sequence\":" + (sequence + 1)
        + ",\"revision\":" + revision + ",\"previous\":\"" + hash + "\"");
    digest.update(record);
    digest.update(place);
    byte[] sum = digest.digest();
    String own = HexFormat.of().formatHex(sum);
    String signature = key.map(k -> ",\"signature\":\"" + k.sign(sum) + "\"").orElse("");
    byte[] end = ascii(",\"hash\":\"" + own + "\"" + signature + "}}\n");
    byte[] line = new byte[record.length + place.length + end.length];
    System.arraycopy(record, 0, line, 0, record.length);
    System.arraycopy(place, 0, line, record.length, place.length);
    System.arraycopy(end, 0, line, record.length + place.length, end.length);
    return new Link(line, sequence + 1, own);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
  }

  /** Reads a line as a device gives it back; empty if it is no record. */
  public static Optional<ChainLine> read(byte[] line) {
    return ChainLine.read(line);
  }

  /** Begins to verify the records of one device. */
  public static ChainVerifier verifier(Optional<String> publicKey, Optional<AuditPosition> anchor) {
    return new ChainVerifier(publicKey, anchor);
  }
}
