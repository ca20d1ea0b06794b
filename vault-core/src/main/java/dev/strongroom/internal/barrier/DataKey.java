package dev.strongroom.internal.barrier;

import dev.strongroom.internal.aead.Aead;
import dev.strongroom.spi.StorageException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The key of one container in one term, with ciphers that already hold its schedule. A value is
 * {@code format u8, term u32, nonce 12, ciphertext, tag 16}, AES-256-GCM; format and term are
 * authenticated as they stand, container and key of the record with them. Thread-safe.
 */
final class DataKey {
  static final int FORMAT = 1;
  private static final int HEADER_BYTES = 5;
  private static final int NONCE_END = HEADER_BYTES + Aead.NONCE_BYTES;
  static final int OVERHEAD_BYTES = NONCE_END + Aead.TAG_BYTES;

  private static final AtomicLong WIPES = new AtomicLong();

  private final WipeableKey key;
  private final int term;
  private final Pool<Cipher> ciphers = new Pool<>(DataKey::newCipher, DataKey::wipe);

  /** Takes {@code key} over. */
  DataKey(byte[] key, int term) {
    this.key = new WipeableKey(key);
    this.term = term;
  }

  byte[] seal(byte[] nonce, byte[] container, byte[] record, byte[] plaintext) {
    byte[] sealed = new byte[OVERHEAD_BYTES + plaintext.length];
    ByteBuffer.wrap(sealed).put((byte) FORMAT).putInt(term).put(nonce);
    Cipher cipher = ciphers.borrow();
    try {
      init(cipher, Cipher.ENCRYPT_MODE, sealed, container, record);
      cipher.doFinal(plaintext, 0, plaintext.length, sealed, NONCE_END);
      key.requireIntact(); // what a wiped key sealed nobody could open again
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this JVM", e);
    } finally {
      ciphers.giveBack(cipher);
    }
  }

  byte[] open(byte[] container, byte[] record, byte[] sealed) {
    byte[] plaintext = new byte[sealed.length - OVERHEAD_BYTES];
    Cipher cipher = ciphers.borrow();
    try {
      init(cipher, Cipher.DECRYPT_MODE, sealed, container, record);
      cipher.doFinal(sealed, NONCE_END, sealed.length - NONCE_END, plaintext, 0);
      return plaintext;
    } catch (AEADBadTagException e) {
      key.requireIntact();
      throw new StorageException(
          "a record was changed or moved outside the vault: it does not authenticate");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this JVM", e);
    } finally {
      ciphers.giveBack(cipher);
    }
  }

  /** Returns the term of a value, without trusting the rest of it. */
  static int termOf(byte[] sealed) {
    if (sealed.length < OVERHEAD_BYTES || sealed[0] != FORMAT) {
      throw new StorageException("a record is truncated or of an unknown format");
    }
    return ByteBuffer.wrap(sealed).getInt(1);
  }

  void close() {
    key.destroy();
    ciphers.close();
  }

  private void init(Cipher cipher, int mode, byte[] sealed, byte[] container, byte[] record)
      throws GeneralSecurityException {
    cipher.init(
        mode,
        key,
        new GCMParameterSpec(8 * Aead.TAG_BYTES, sealed, HEADER_BYTES, Aead.NONCE_BYTES));
    cipher.updateAAD(sealed, 0, HEADER_BYTES);
    cipher.updateAAD(container);
    cipher.updateAAD(record);
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this JVM", e);
    }
  }

  /**
   * A cipher keeps key and schedules until it gets others, and one that has encrypted keeps them
   * until it encrypts again. It never takes the same nonce twice in a row, not even with a key of
   * zeroes.
   */
  private static void wipe(Cipher cipher) {
    try {
      byte[] nonce =
          ByteBuffer.allocate(Aead.NONCE_BYTES).putLong(WIPES.incrementAndGet()).array();
      WipeableKey zero = new WipeableKey(new byte[Aead.KEY_BYTES]);
      cipher.init(Cipher.ENCRYPT_MODE, zero, new GCMParameterSpec(8 * Aead.TAG_BYTES, nonce));
      cipher.doFinal(new byte[0]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not usable in this JVM", e);
    }
  }

  /** The key was wiped while it was in use. */
  static final class WipedKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** {@code SecretKeySpec} cannot be destroyed. */
  private static final class WipeableKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private volatile boolean destroyed;

    WipeableKey(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    /** Gives zeroes away when it was wiped: a cipher that is refused its key is broken for ever. */
    @Override
    public byte[] getEncoded() {
      return bytes.clone();
    }

    /** To be called after use: the key was itself all the time if this returns. */
    void requireIntact() {
      if (destroyed) {
        throw new WipedKeyException();
      }
    }

    @Override
    public void destroy() {
      destroyed = true;
      Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean isDestroyed() {
      return destroyed;
    }
  }
}
