package dev.strongroom.internal.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON, written from left to right. Escapes what Go's encoder escapes, and every other
 * character that could end a line, move a cursor or open a tag. For one thread.
 */
final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  // What most characters are: written as they are, one byte each.
  private static final boolean[] PLAIN = new boolean[0x80];

  static {
    for (char c = ' '; c < 0x7f; c++) {
      PLAIN[c] = "\"\\<>&$".indexOf(c) < 0;
    }
  }

  private byte[] out = new byte[2048];
  private int length;

  /** Begins behind a prefix, which is written as it is. */
  JsonText(String prefix) {
    put(prefix.getBytes(StandardCharsets.UTF_8));
    put('{');
  }

  /** Begins with members that {@link #members} puts into another text. */
  JsonText() {}

  JsonText name(String name) {
    separate();
    quote(name);
    put(':');
    return this;
  }

  JsonText text(String text) {
    separate();
    quote(text);
    return this;
  }

  /** Writes a literal: a number, a boolean or null. */
  JsonText literal(@Nullable Object value) {
    separate();
    put(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    return this;
  }

  JsonText open(char bracket) {
    separate();
    put(bracket);
    return this;
  }

  JsonText close(char bracket) {
    put(bracket);
    return this;
  }

  /** Writes a member, unless it is empty. */
  JsonText member(String name, String text) {
    return text.isEmpty() ? this : name(name).text(text);
  }

  /** Writes a member, unless it is zero. */
  JsonText member(String name, long number) {
    return number == 0 ? this : name(name).literal(number);
  }

  /** Writes a member, unless it is false. */
  JsonText member(String name, boolean flag) {
    return flag ? name(name).literal(true) : this;
  }

  /** Writes a member that is an array of texts, unless it is empty. */
  JsonText member(String name, Iterable<String> texts) {
    if (!texts.iterator().hasNext()) {
      return this;
    }
    name(name).open('[');
    texts.forEach(this::text);
    return close(']');
  }

  /** Writes members as they were written before. */
  JsonText members(byte[] utf8) {
    if (utf8.length > 0) {
      separate();
      put(utf8);
    }
    return this;
  }

  /** Returns what is written, without the brace that would end it. */
  byte[] utf8() {
    return Arrays.copyOf(out, length);
  }

  /** A value in front of another one ends with none of these. */
  private void separate() {
    byte last = length == 0 ? (byte) '{' : out[length - 1];
    if (last != '{' && last != '[' && last != ':') {
      put(',');
    }
  }

  private void quote(String text) {
    put('"');
    int plain = putPlain(text);
    if (plain < text.length()) {
      put(escaped(text, plain).getBytes(StandardCharsets.UTF_8));
    }
    put('"');
  }

  /** Writes the beginning of a text that can stay as it is, and returns how much that is. */
  private int putPlain(String text) {
    reserve(text.length());
    byte[] to = out;
    int start = length;
    int i = 0;
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= PLAIN.length || !PLAIN[c]) {
        break;
      }
      to[start + i] = (byte) c;
    }
    length = start + i;
    return i;
  }

  private void put(char ascii) {
    reserve(1);
    out[length++] = (byte) ascii;
  }

  private void put(byte[] utf8) {
    reserve(utf8.length);
    System.arraycopy(utf8, 0, out, length, utf8.length);
    length += utf8.length;
  }

  private void reserve(int more) {
    if (more > out.length - length) {
      out = Arrays.copyOf(out, Math.max(Math.addExact(length, more), 2 * out.length));
    }
  }

  private static String escaped(String text, int start) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    int from = start;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c) && !beginsLookup(text, i)) {
        continue;
      }
      escaped.append(text, from, i);
      from = i + 1;
      escape(escaped, c);
    }
    return escaped.append(text, from, text.length()).toString();
  }

  private static boolean isPlain(char c) {
    if (c < 0x7f) {
      return c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
    }
    return c > 0x9f && c != '\u2028' && c != '\u2029';
  }

  /** Loggers that a device may write to replace <code>${…}</code>, wherever it stands. */
  private static boolean beginsLookup(String text, int at) {
    return text.charAt(at) == '$' && at + 1 < text.length() && text.charAt(at + 1) == '{';
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
        out.append("\\u")
            .append(HEX[c >> 12])
            .append(HEX[(c >> 8) & 15])
            .append(HEX[(c >> 4) & 15])
            .append(HEX[c & 15]);
    }
  }
}
