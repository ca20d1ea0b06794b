package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Token.Kind;
import java.util.regex.Pattern;

/** Cuts policy text into tokens. The two languages share brackets, numbers and quoted strings. */
abstract sealed class Scanner permits HclScanner, JsonScanner {
  private static final int NOTHING = -1;
  private static final Pattern FLOAT =
      Pattern.compile("-?\\d+(\\.\\d+([eE][+-]?\\d+)?|[eE][+-]?\\d+)");

  private final String text;
  private int index;
  private int line = 1;
  private int lineStart;

  /**
   * Begins at the start of a text.
   *
   * @throws PolicySyntaxException if it holds control characters or half characters anywhere, also
   *     where nobody would see them
   */
  Scanner(String text) {
    this.text = text;
    for (; index < text.length(); advance()) {
      char c = text.charAt(index);
      if ((Character.isISOControl(c) && c != '\n' && c != '\t') || isHalf(text, index)) {
        throw problem("illegal char");
      }
    }
    index = 0;
    line = 1;
    lineStart = 0;
  }

  /** Returns the next token; at the end, and from then on, {@link Kind#EOF}. */
  final Token next() {
    skipBlanks();
    Position at = position();
    int c = peek();
    return switch (c) {
      case NOTHING -> new Token(Kind.EOF, "", at);
      case '{' -> sign(Kind.LBRACE);
      case '}' -> sign(Kind.RBRACE);
      case '[' -> sign(Kind.LBRACK);
      case ']' -> sign(Kind.RBRACK);
      case ',' -> sign(Kind.COMMA);
      case '"' -> new Token(Kind.STRING, string(at), at);
      default -> c == '-' || isDigit(c) ? number(at) : own(at);
    };
  }

  /** Passes over what separates tokens. */
  abstract void skipBlanks();

  /** Reads a token that only this language has. */
  abstract Token own(Position at);

  /** Appends what an escape stands for; the backslash is passed already. */
  abstract void escape(StringBuilder value);

  abstract Pattern integer();

  final Token sign(Kind kind) {
    Position at = position();
    return new Token(kind, String.valueOf((char) advance()), at);
  }

  private String string(Position at) {
    StringBuilder value = new StringBuilder();
    advance();
    while (peek() != '"') {
      if (peek() == NOTHING || peek() == '\n') {
        throw new PolicySyntaxException(at, "literal not terminated");
      }
      char c = (char) advance();
      if (c == '\\') {
        escape(value);
      } else {
        value.append(c);
      }
    }
    advance();
    for (int i = 0; i < value.length(); i++) {
      if (isHalf(value, i)) {
        throw new PolicySyntaxException(at, "illegal char escape");
      }
    }
    return value.toString();
  }

  private Token number(Position at) {
    int start = index;
    while (isDigit(peek()) || isAsciiLetter(peek()) || "+-.".indexOf(peek()) >= 0) {
      advance();
    }
    String digits = since(start);
    if (integer().matcher(digits).matches()) {
      return new Token(Kind.NUMBER, digits, at);
    }
    if (FLOAT.matcher(digits).matches()) {
      return new Token(Kind.FLOAT, digits, at);
    }
    throw new PolicySyntaxException(at, "illegal number");
  }

  /** Reads digits of an escape. */
  final int digits(int base, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = Character.digit(peek(), base);
      if (digit < 0 || peek() > 'f') {
        throw problem("illegal char escape");
      }
      value = value * base + digit;
      advance();
    }
    return value;
  }

  /** Returns the character here, or -1 at the end. */
  final int peek() {
    return index < text.length() ? text.charAt(index) : NOTHING;
  }

  final boolean startsWith(String other) {
    return text.startsWith(other, index);
  }

  /** Passes the character here and returns it. */
  final int advance() {
    int c = peek();
    index++;
    if (c == '\n') {
      line++;
      lineStart = index;
    }
    return c;
  }

  final void advance(int count) {
    for (int i = 0; i < count; i++) {
      advance();
    }
  }

  final int index() {
    return index;
  }

  final String since(int start) {
    return text.substring(start, index);
  }

  final Position position() {
    return new Position(line, index - lineStart + 1);
  }

  final PolicySyntaxException problem(String problem) {
    return new PolicySyntaxException(position(), problem);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAsciiLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isHalf(CharSequence text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
