package dev.strongroom.internal.audit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON, written from left to right. Escapes what Go's encoder escapes, and every other
 * character that could end a line, move a cursor or open a tag. For one thread.
 */
final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out = new StringBuilder(1024);

  /** Begins behind a prefix, which is written as it is. */
  JsonText(String prefix) {
    out.append(prefix).append('{');
  }

  JsonText name(String name) {
    separate();
    quote(name);
    out.append(':');
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
    out.append(value);
    return this;
  }

  JsonText open(char bracket) {
    separate();
    out.append(bracket);
    return this;
  }

  JsonText close(char bracket) {
    out.append(bracket);
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

  /** Returns what is written, without the brace that would end it. */
  byte[] utf8() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A value in front of another one ends with none of these. */
  private void separate() {
    char last = out.charAt(out.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      out.append(',');
    }
  }

  private void quote(String text) {
    out.append('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c) && !beginsLookup(text, i)) {
        continue;
      }
      out.append(text, from, i);
      from = i + 1;
      escape(c);
    }
    out.append(text, from, text.length()).append('"');
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

  private void escape(char c) {
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
