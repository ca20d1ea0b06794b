package dev.strongroom;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One record of an audit chain, named so that it cannot be another one.
 *
 * @param chain 32 hexadecimal digits; a device begins a chain whenever it is opened
 * @param sequence of the record in its chain, from 1
 * @param hash of the record: 64 hexadecimal digits
 */
public record AuditPosition(String chain, long sequence, String hash) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{32}):([1-9][0-9]{0,17}):([0-9a-f]{64})");
  private static final long MAX_SEQUENCE = 999_999_999_999_999_999L;

  public AuditPosition {
    if (!isHex(chain, 32) || sequence < 1 || sequence > MAX_SEQUENCE || !isHex(hash, 64)) {
      throw new IllegalArgumentException(
          "a position is a chain of 32 hexadecimal digits, a sequence from 1 and a hash of 64 digits");
    }
  }

  private static boolean isHex(String text, int digits) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return text.length() == digits;
  }

  /**
   * Reads what {@link #toString()} writes: {@code chain:sequence:hash}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static AuditPosition parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a position is written chain:sequence:hash");
    }
    return new AuditPosition(parts.group(1), Long.parseLong(parts.group(2)), parts.group(3));
  }

  @Override
  public String toString() {
    return chain + ":" + sequence + ":" + hash;
  }
}
