package dev.strongroom.internal.barrier;

import dev.strongroom.KeyShares;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The keys of an unsealed vault: a data key for every term, and the system secret, from which
 * everything else is derived. Stored as one row, sealed by the root key. Immutable, but for
 * {@link #wipe()}.
 *
 * @param generation counts how often it was written
 * @param terms by number, 1 first; the last one encrypts
 * @param systemSecret 32 bytes
 * @param seal how the root key is protected, so that the plain seal record can be checked against
 *     it
 * @param recoveryDigest what the recovery key of an automatic seal must hash to
 * @param pending shares that are to replace the present ones, and wait for somebody to use them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; one owner
public record Keyring(
    long generation,
    List<Term> terms,
    byte[] systemSecret,
    SealedBy seal,
    Optional<byte[]> recoveryDigest,
    Optional<Pending> pending) {
  private static final int FORMAT = 1;

  public Keyring {
    terms = List.copyOf(terms);
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("a keyring has a term");
    }
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).number() != i + 1) {
        throw new IllegalArgumentException("terms are numbered from 1 without a gap");
      }
    }
  }

  /** A data key and since when it is in use. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; one owner
  public record Term(int number, byte[] key, Instant installedAt) {
    @Override
    public String toString() {
      return "Term[" + number + ", installed " + installedAt + "]";
    }
  }

  /** The kind of seal and its shares. */
  public record SealedBy(String type, KeyShares shares) {}

  /** Shares that wait, and what their key must hash to if it is a recovery key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Pending(KeyShares shares, Optional<byte[]> recoveryDigest) {}

  /** Makes the first keyring of a vault. */
  public static Keyring create(
      SealedBy seal, Optional<byte[]> recoveryDigest, Instant now, SecureRandom random) {
    return new Keyring(
        1,
        List.of(newTerm(1, now, random)),
        randomKey(random),
        seal,
        recoveryDigest,
        Optional.empty());
  }

  /** Returns this keyring with one more term, which encrypts from now on. */
  public Keyring rotated(Instant now, SecureRandom random) {
    List<Term> all = new ArrayList<>(terms);
    all.add(newTerm(activeTerm().number() + 1, now, random));
    return new Keyring(generation + 1, all, systemSecret, seal, recoveryDigest, pending);
  }

  /** Returns this keyring with the same keys, protected in another way. */
  public Keyring protectedBy(
      SealedBy other, Optional<byte[]> otherRecoveryDigest, Optional<Pending> otherPending) {
    return new Keyring(
        generation + 1, terms, systemSecret, other, otherRecoveryDigest, otherPending);
  }

  public Term activeTerm() {
    return terms.get(terms.size() - 1);
  }

  Optional<Term> term(int number) {
    return number >= 1 && number <= terms.size()
        ? Optional.of(terms.get(number - 1))
        : Optional.empty();
  }

  /** Derives a key for one purpose from the system secret; the caller wipes it. */
  public byte[] derive(String purpose) {
    return Hkdf.derive(systemSecret, purpose, Aead.KEY_BYTES);
  }

  /** Encrypts this keyring with the root key, bound to the store. */
  public byte[] seal(byte[] rootKey, byte[] storeId, SecureRandom random) {
    try (RecordWriter out = new RecordWriter()) {
      write(out);
      byte[] plain = out.toBytes();
      try {
        return Aead.seal(rootKey, associatedData(storeId), plain, random);
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    }
  }

  /**
   * Opens a keyring; empty if the root key is not the one that sealed it.
   *
   * @throws StorageException if it opens, but is not a keyring
   */
  public static Optional<Keyring> open(byte[] rootKey, byte[] storeId, byte[] sealed) {
    return Aead.open(rootKey, associatedData(storeId), sealed).map(plain -> {
      try {
        return read(new RecordReader(plain));
      } catch (RecordReader.CorruptRecord | IllegalArgumentException e) {
        throw new StorageException("the keyring is corrupt: " + e.getMessage());
      } finally {
        Arrays.fill(plain, (byte) 0);
      }
    });
  }

  /** Overwrites the keys. */
  public void wipe() {
    terms.forEach(term -> Arrays.fill(term.key(), (byte) 0));
    Arrays.fill(systemSecret, (byte) 0);
  }

  private void write(RecordWriter out) {
    out.u8(FORMAT).i64(generation);
    out.all(terms, (o, term) -> o.i32(term.number()).fixed(term.key()).instant(term.installedAt()));
    out.fixed(systemSecret);
    out.text(seal.type()).u8(seal.shares().total()).u8(seal.shares().threshold());
    out.optional(recoveryDigest, RecordWriter::bytes);
    out.optional(pending, (o, waiting) -> o.u8(waiting.shares.total())
        .u8(waiting.shares.threshold())
        .optional(waiting.recoveryDigest, RecordWriter::bytes));
  }

  private static Keyring read(RecordReader in) {
    in.format(FORMAT);
    long generation = in.i64();
    List<Term> terms = in.all(i -> new Term(i.i32(), i.fixed(Aead.KEY_BYTES), i.instant()));
    byte[] systemSecret = in.fixed(Aead.KEY_BYTES);
    SealedBy seal = new SealedBy(in.text(), new KeyShares(in.u8(), in.u8()));
    Optional<byte[]> recoveryDigest = in.optional(RecordReader::bytes);
    Optional<Pending> pending = in.optional(
        i -> new Pending(new KeyShares(i.u8(), i.u8()), i.optional(RecordReader::bytes)));
    in.end();
    return new Keyring(generation, terms, systemSecret, seal, recoveryDigest, pending);
  }

  private static byte[] associatedData(byte[] storeId) {
    byte[] label = "strongroom keyring ".getBytes(StandardCharsets.US_ASCII);
    byte[] data = Arrays.copyOf(label, label.length + storeId.length);
    System.arraycopy(storeId, 0, data, label.length, storeId.length);
    return data;
  }

  private static Term newTerm(int number, Instant now, SecureRandom random) {
    return new Term(number, randomKey(random), now);
  }

  private static byte[] randomKey(SecureRandom random) {
    byte[] key = new byte[Aead.KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  @Override
  public String toString() {
    return "Keyring[generation " + generation + ", " + terms.size() + " terms]";
  }
}
