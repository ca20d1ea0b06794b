package dev.strongroom.internal.barrier;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.barrier.DataKey.WipedKeyException;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The barrier of one container: the system, or a mount. Says where records lie, hides their names
 * and encrypts their values, with keys that no other container has. A mount's path is no part of
 * any of it, so that moving a mount rewrites nothing. Thread-safe.
 *
 * <p>A row's parent is the first half of HMAC-SHA-256 over kind and folder (or owner), its name is
 * the AES-SIV encryption of the last segment with the parent as associated data, padded to 16 bytes
 * (ISO/IEC 7816-4) so that lengths show only roughly.
 */
public final class BarrierView implements AutoCloseable {
  /** Bytes of the key material that names need, see {@link #exposeNameKeys()}. */
  static final int NAME_KEY_BYTES = 96;

  private static final int MAC_KEY_BYTES = 32;
  private static final int PADDING = 16;

  private final Barrier barrier;
  private final byte[] id;
  private final byte[] nameKeys;
  private final byte @Nullable [] secret;
  private final Pool<NameCiphers> names = new Pool<>(this::newNameCiphers, NameCiphers::wipe);
  private final Map<Integer, DataKey> dataKeys = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Opens a view; all arrays are taken over.
   *
   * @param id of the container, 16 bytes
   * @param secret of the container; null where only its names are left
   */
  BarrierView(Barrier barrier, byte[] id, byte[] nameKeys, byte @Nullable [] secret) {
    this.barrier = barrier;
    this.id = id;
    this.nameKeys = nameKeys;
    this.secret = secret;
  }

  /** Returns where a record lies. */
  public RowAddress address(StorageKey<?> key) {
    return address(key.kind(), key.parent(), key.name());
  }

  /**
   * Returns where the row called {@code name} in a folder or under an owner lies; a folder's own
   * row ends in a slash.
   */
  public RowAddress address(RecordKind<?> kind, String parent, String name) {
    byte[] message = parentMessage(kind.name(), parent);
    byte[] segment = pad(name.getBytes(StandardCharsets.UTF_8));
    NameCiphers ciphers = names.borrow();
    try {
      byte[] parentId = ciphers.parentId(message);
      return RowAddress.of(parentId, ciphers.siv.seal(parentId, segment));
    } finally {
      names.giveBack(ciphers);
      Arrays.fill(segment, (byte) 0);
      Arrays.fill(message, (byte) 0);
    }
  }

  /** Returns the parent of the rows in a folder or under an owner. */
  public byte[] children(RecordKind<?> kind, String parent) {
    return children(kind.name(), parent);
  }

  /** As {@link #children(RecordKind, String)}, for a kind known by name only. */
  public byte[] children(String kind, String parent) {
    byte[] message = parentMessage(kind, parent);
    NameCiphers ciphers = names.borrow();
    try {
      return ciphers.parentId(message);
    } finally {
      names.giveBack(ciphers);
      Arrays.fill(message, (byte) 0);
    }
  }

  /**
   * Returns the name of a row.
   *
   * @throws StorageException if it is not a name this container gave to a row with that parent
   */
  public String name(byte[] parentId, byte[] rowName) {
    NameCiphers ciphers = names.borrow();
    try {
      return ciphers
          .siv
          .open(parentId, rowName)
          .map(BarrierView::unpad)
          .orElseThrow(() -> new StorageException(
              "a name was changed or moved outside the vault: it does not authenticate"));
    } finally {
      names.giveBack(ciphers);
    }
  }

  /** Encrypts a record with the active term. */
  public byte[] seal(StorageKey<?> key, byte[] plaintext) {
    try {
      return dataKey(barrier.activeTerm()).seal(barrier.nonce(), id, key.encoded(), plaintext);
    } catch (WipedKeyException e) {
      throw gone();
    }
  }

  /**
   * Decrypts a record; the caller wipes it.
   *
   * @throws StorageException if it is not what this container stored at that key; the message names
   *     its kind
   */
  public byte[] open(StorageKey<?> key, byte[] sealed) {
    try {
      return dataKey(DataKey.termOf(sealed)).open(id, key.encoded(), sealed);
    } catch (WipedKeyException e) {
      throw gone();
    } catch (StorageException e) {
      throw new StorageException(
          "cannot open a record of kind " + key.kind() + ": " + e.getMessage(), e);
    }
  }

  /** Returns a copy of the keys that find and name rows, without those that open values. */
  public byte[] exposeNameKeys() {
    return nameKeys.clone();
  }

  /** Wipes the keys; later use fails as in a sealed vault. */
  @Override
  public void close() {
    closed = true;
    dataKeys.values().forEach(DataKey::close);
    names.close();
    Arrays.fill(nameKeys, (byte) 0);
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
    }
    barrier.forget(this);
  }

  private DataKey dataKey(int term) {
    if (secret == null) {
      throw new IllegalStateException("the values of this container were erased");
    }
    DataKey known = dataKeys.get(term);
    if (known != null) {
      return known;
    }
    DataKey derived = dataKeys.computeIfAbsent(term, t -> barrier.deriveDataKey(secret, t));
    if (closed) { // it may have been made of a wiped secret, and what it seals nobody could open
      derived.close();
      throw gone();
    }
    return derived;
  }

  /** The container went while it was in use: alone, or with the whole vault. */
  private VaultException gone() {
    return barrier.isClosed()
        ? Barrier.sealed()
        : new VaultException(ErrorCode.NOT_FOUND, "the mount was removed meanwhile");
  }

  private NameCiphers newNameCiphers() {
    NameCiphers ciphers = new NameCiphers(nameKeys);
    if (closed) { // made of wiped keys, it would look in the wrong place
      throw gone();
    }
    return ciphers;
  }

  private static byte[] parentMessage(String kind, String parent) {
    return (kind + '\0' + parent).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] pad(byte[] name) {
    byte[] padded = Arrays.copyOf(name, (name.length / PADDING + 1) * PADDING);
    padded[name.length] = (byte) 0x80;
    return padded;
  }

  private static String unpad(byte[] padded) {
    int end = padded.length - 1;
    while (end >= 0 && padded[end] == 0) {
      end--;
    }
    if (end < 0 || padded[end] != (byte) 0x80) {
      throw new StorageException("a name is not padded as names are");
    }
    return new String(padded, 0, end, StandardCharsets.UTF_8);
  }

  /** The ciphers of one borrower. */
  private static final class NameCiphers {
    private final Mac mac;
    private final AesSiv siv;

    NameCiphers(byte[] nameKeys) {
      siv = new AesSiv(Arrays.copyOfRange(nameKeys, MAC_KEY_BYTES, NAME_KEY_BYTES));
      try {
        mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(nameKeys, 0, MAC_KEY_BYTES, "HmacSHA256"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HMAC-SHA-256 is not usable in this JVM", e);
      }
    }

    byte[] parentId(byte[] message) {
      return Arrays.copyOf(mac.doFinal(message), RowAddress.PARENT_BYTES);
    }

    void wipe() {
      siv.wipe();
      try {
        mac.init(new SecretKeySpec(new byte[MAC_KEY_BYTES], "HmacSHA256"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("HMAC-SHA-256 is not usable in this JVM", e);
      }
    }
  }

  @Override
  public String toString() {
    return "BarrierView[redacted]";
  }
}
