package dev.strongroom;

import dev.strongroom.secret.SecretBytes;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * One share of the unseal key (or of the recovery key), as people hold it: lower-case hex or
 * standard padded base64 of 33 bytes (32 when it is the only share). The same bytes as in HashiCorp
 * Vault and OpenBao. Wiped by {@link #close()}, never printed.
 */
public final class KeyShare implements AutoCloseable {
  // The reading of the text, and the lengths that count as hex: OpenBao v2.6.2 http/sys_seal.go.
  private static final int MIN_HEX_BYTES = 16;
  private static final int MAX_HEX_BYTES = 33;
  private static final int MAX_TEXT = 1024;

  private final SecretBytes bytes;

  private KeyShare(SecretBytes bytes) {
    this.bytes = bytes;
  }

  /** Copies the bytes of a share. The length is checked where the share is used. */
  public static KeyShare copyOf(byte[] bytes) {
    return new KeyShare(SecretBytes.copyOf(bytes));
  }

  /**
   * Reads a share. Text that is hex (either case) of 16 to 33 bytes is hex; everything else is
   * standard base64 with padding. Nothing is trimmed. The length is checked where the share is
   * used.
   *
   * @throws IllegalArgumentException if it is neither; the message does not repeat it
   */
  public static KeyShare parse(CharSequence hexOrBase64) {
    if (hexOrBase64.length() > MAX_TEXT) {
      throw new IllegalArgumentException("a key share has at most " + MAX_TEXT + " characters");
    }
    return new KeyShare(SecretBytes.takeOver(decode(hexOrBase64)));
  }

  private static byte[] decode(CharSequence text) {
    int hexBytes = text.length() / 2;
    if (text.length() % 2 == 0
        && hexBytes >= MIN_HEX_BYTES
        && hexBytes <= MAX_HEX_BYTES
        && text.chars().allMatch(HexFormat::isHexDigit)) {
      return HexFormat.of().parseHex(text);
    }
    byte[] ascii = new byte[text.length()];
    try {
      for (int i = 0; i < ascii.length; i++) {
        ascii[i] = text.charAt(i) < 128 ? (byte) text.charAt(i) : 0;
      }
      if (ascii.length == 0 || ascii.length % 4 != 0) { // the decoder would accept missing padding
        throw new IllegalArgumentException("unpadded");
      }
      return Base64.getDecoder().decode(ascii);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'key' must be a valid hex or base64 string"); // without the cause: it quotes the text
    } finally {
      Arrays.fill(ascii, (byte) 0);
    }
  }

  /**
   * Returns the share as lower-case hex. A {@code String} cannot be wiped: use it late and do not
   * keep it.
   */
  public String exposeHex() {
    return bytes.use(HexFormat.of()::formatHex);
  }

  /**
   * Returns the share as standard padded base64. A {@code String} cannot be wiped: use it late and
   * do not keep it.
   */
  public String exposeBase64() {
    return bytes.use(Base64.getEncoder()::encodeToString);
  }

  /** Returns the bytes of the share, which the caller must wipe. */
  public byte[] exposeBytes() {
    return bytes.exposeCopy();
  }

  /** Wipes the share. */
  @Override
  public void close() {
    bytes.close();
  }

  @Override
  public String toString() {
    return "KeyShare[redacted]";
  }
}
