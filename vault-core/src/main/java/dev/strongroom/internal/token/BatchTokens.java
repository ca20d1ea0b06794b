package dev.strongroom.internal.token;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.hmac.HmacSha256;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Tokens that nobody stores: their record is sealed inside. The text is {@code b.} and the base64,
 * URL-safe and unpadded, of {@code format u8, salt 16, nonce 12, ciphertext, tag 16}: AES-256-GCM
 * under a key that HMAC-SHA-256 makes of the salt, because random nonces would be too few for all
 * batch tokens of a vault under one key. Thread-safe.
 */
final class BatchTokens implements AutoCloseable {
  /** With {@code X-Vault-Token: } before it, still a header that every proxy lets through. */
  static final int MAX_LENGTH = 7 * 1024;

  private static final String PREFIX = "b.";
  private static final int FORMAT = 1;
  private static final int SALT_BYTES = 16;
  private static final int HEADER_BYTES = 1 + SALT_BYTES;
  private static final byte[] LABEL =
      "strongroom batch token 1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] key;
  private final SecureRandom random;
  private volatile boolean closed;

  /**
   * Makes and reads tokens under a key.
   *
   * @param key taken over
   */
  BatchTokens(byte[] key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  /** Returns whether a token is a batch token, or pretends to be. */
  static boolean isOne(ClientToken token) {
    return token.startsWith(PREFIX);
  }

  /**
   * Makes the token of a record.
   *
   * @throws VaultException with code {@code LIMIT_EXCEEDED} if there is too much to be sealed in
   */
  ClientToken seal(TokenRecord record) {
    if (!mayBeOne(record)) {
      throw new IllegalArgumentException("no batch token can be made of this record");
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] plain = encode(record);
    byte[] sealed = sealed(salt, plain);
    byte[] blob = new byte[HEADER_BYTES + sealed.length];
    blob[0] = FORMAT;
    System.arraycopy(salt, 0, blob, 1, SALT_BYTES);
    System.arraycopy(sealed, 0, blob, HEADER_BYTES, sealed.length);
    String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(blob);
    if (text.length() > MAX_LENGTH) {
      throw new VaultException(
          ErrorCode.LIMIT_EXCEEDED,
          "a batch token holds its policies and metadata, and has at most " + MAX_LENGTH
              + " characters; this one would have " + text.length());
    }
    return ClientToken.parse(text);
  }

  /** Returns the record of a token; empty if this vault did not make it as it stands. */
  Optional<TokenRecord> open(ClientToken token) {
    byte[] text = token.exposeBytes();
    try {
      return blob(text)
          .filter(blob -> blob.length > HEADER_BYTES && blob[0] == FORMAT)
          .flatMap(blob -> opened(
              Arrays.copyOfRange(blob, 1, HEADER_BYTES),
              Arrays.copyOfRange(blob, HEADER_BYTES, blob.length)))
          .flatMap(BatchTokens::decode);
    } finally {
      Arrays.fill(text, (byte) 0);
      requireOpen(); // a wiped key opens nothing: that would be remembered
    }
  }

  private static Optional<byte[]> blob(byte[] text) {
    byte[] base64 = Arrays.copyOfRange(text, PREFIX.length(), text.length);
    try {
      byte[] blob = Base64.getUrlDecoder().decode(base64);
      // Some characters leave bits over: only one spelling of a token is the token.
      boolean asMade = Arrays.equals(Base64.getUrlEncoder().withoutPadding().encode(blob), base64);
      return asMade ? Optional.of(blob) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(base64, (byte) 0);
    }
  }

  private byte[] sealed(byte[] salt, byte[] plain) {
    byte[] own = keyOf(salt);
    try {
      return Aead.seal(own, LABEL, plain, random);
    } finally {
      Arrays.fill(own, (byte) 0);
      Arrays.fill(plain, (byte) 0);
      requireOpen(); // a wiped key is no secret
    }
  }

  private Optional<byte[]> opened(byte[] salt, byte[] sealed) {
    byte[] own = keyOf(salt);
    try {
      return Aead.open(own, LABEL, sealed);
    } finally {
      Arrays.fill(own, (byte) 0);
    }
  }

  private byte[] keyOf(byte[] salt) {
    return HmacSha256.of(key, salt);
  }

  private static byte[] encode(TokenRecord record) {
    try (RecordWriter out = new RecordWriter()) {
      TokenRecord.CODEC.write(record, out);
      return out.toBytes();
    }
  }

  private static Optional<TokenRecord> decode(byte[] plain) {
    try {
      RecordReader in = new RecordReader(plain);
      TokenRecord record = TokenRecord.CODEC.read(in);
      in.end();
      return Optional.of(record).filter(BatchTokens::mayBeOne);
    } catch (RecordReader.CorruptRecord | IllegalArgumentException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** What cannot be revoked must end, and cannot be counted or renewed. */
  private static boolean mayBeOne(TokenRecord record) {
    return record.isBatch()
        && record.state() == TokenRecord.State.ACTIVE
        && record.expiresAt().isPresent()
        && !record.renewable()
        && record.numUses() == 0
        && record.period().isZero()
        && record.explicitMaxTtl().isZero()
        && !record.isRoot();
  }

  private void requireOpen() {
    if (closed) {
      throw Barrier.sealed();
    }
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(key, (byte) 0);
  }
}
