package dev.strongroom.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes JSON that no browser takes for something else: {@code <}, {@code >}, {@code &} and the line
 * separators of JavaScript are escaped. In JSON they are inside strings only, so that bytes can be
 * replaced without parsing. Go's encoder, and with it OpenBao v2.6.2, does the same.
 */
final class InertJson {
  private static final byte[] LESS = ascii("\\u003c");
  private static final byte[] GREATER = ascii("\\u003e");
  private static final byte[] AND = ascii("\\u0026");
  private static final byte[] LINE = ascii("\\u2028");
  private static final byte[] PARAGRAPH = ascii("\\u2029");

  private InertJson() {}

  /** Returns {@code json} itself where nothing is to be escaped; otherwise wipes it. */
  static byte[] escape(byte[] json) {
    int first = 0;
    while (first < json.length && !isActive(json, first)) {
      first++;
    }
    if (first == json.length) {
      return json;
    }
    WipedBuffer out = new WipedBuffer(json.length + 64);
    out.write(json, 0, first);
    for (int i = first; i < json.length; i++) {
      if (!isActive(json, i)) {
        out.write(json[i]);
        continue;
      }
      switch (json[i]) {
        case '<' -> out.writeBytes(LESS);
        case '>' -> out.writeBytes(GREATER);
        case '&' -> out.writeBytes(AND);
        default -> {
          out.writeBytes(json[i + 2] == (byte) 0xa8 ? LINE : PARAGRAPH);
          i += 2;
        }
      }
    }
    Arrays.fill(json, (byte) 0);
    return out.takeBytes();
  }

  private static boolean isActive(byte[] json, int i) {
    byte b = json[i];
    return b == '<'
        || b == '>'
        || b == '&'
        || (b == (byte) 0xe2
            && i + 2 < json.length
            && json[i + 1] == (byte) 0x80
            && (json[i + 2] == (byte) 0xa8 || json[i + 2] == (byte) 0xa9));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
