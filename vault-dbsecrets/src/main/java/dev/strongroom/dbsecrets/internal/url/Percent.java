package dev.strongroom.dbsecrets.internal.url;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding of RFC 3986, in which a plus is a plus. */
final class Percent {
  private Percent() {}

  static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int index = 0;
    while (index < utf8.length) {
      if (utf8[index] == '%') {
        bytes.write(hex(utf8, index + 1) * 16 + hex(utf8, index + 2));
        index += 3;
      } else {
        bytes.write(utf8[index]);
        index++;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("what is percent-encoded is not UTF-8", e);
    }
  }

  private static int hex(byte[] text, int index) {
    int digit = index < text.length ? Character.digit(text[index], 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("two hexadecimal digits follow each %");
    }
    return digit;
  }
}
