package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Token.Kind;
import java.util.regex.Pattern;

/** The tokens of JSON (RFC 8259). */
final class JsonScanner extends Scanner {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d*)");

  JsonScanner(String text) {
    super(text);
  }

  @Override
  Pattern integer() {
    return INTEGER;
  }

  @Override
  void skipBlanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n') {
      advance();
    }
  }

  @Override
  Token own(Position at) {
    if (peek() == ':') {
      return sign(Kind.COLON);
    }
    int start = index();
    while (peek() >= 'a' && peek() <= 'z') {
      advance();
    }
    String word = since(start);
    return switch (word) {
      case "true", "false" -> new Token(Kind.BOOL, word, at);
      case "null" -> new Token(Kind.NULL, word, at);
      default -> throw new PolicySyntaxException(at, "illegal char");
    };
  }

  @Override
  void escape(StringBuilder value) {
    Position at = position();
    int c = advance();
    switch (c) {
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case '\\', '"', '/' -> value.append((char) c);
      case 'u' -> value.append((char) digits(16, 4));
      default -> throw new PolicySyntaxException(at, "illegal char escape");
    }
  }
}
