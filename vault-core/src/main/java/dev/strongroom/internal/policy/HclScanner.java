package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Token.Kind;
import java.util.regex.Pattern;

/**
 * The tokens of HCL 1, as in {@code hcl/scanner/scanner.go} of HCL v1.0.1. <code>${…}</code> is
 * text like any other.
 */
final class HclScanner extends Scanner {
  private static final Pattern INTEGER = Pattern.compile("-?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\\d*)");
  private static final int MAX_ASCII = 0x7f;

  HclScanner(String text) {
    super(text);
  }

  @Override
  Pattern integer() {
    return INTEGER;
  }

  @Override
  void skipBlanks() {
    while (true) {
      if (peek() == '#' || startsWith("//")) {
        skipLine();
      } else if (startsWith("/*")) {
        skipBlock();
      } else if (peek() == ' ' || peek() == '\t' || peek() == '\n') {
        advance();
      } else {
        return;
      }
    }
  }

  private void skipLine() {
    while (peek() >= 0 && peek() != '\n') {
      advance();
    }
  }

  private void skipBlock() {
    Position at = position();
    advance(2);
    while (!startsWith("*/")) {
      if (peek() < 0) {
        throw new PolicySyntaxException(at, "comment not terminated");
      }
      advance();
    }
    advance(2);
  }

  @Override
  Token own(Position at) {
    if (isLetter(peek())) {
      return word(at);
    }
    if (startsWith("<<")) {
      return heredoc(at);
    }
    if (peek() == '=') {
      return sign(Kind.ASSIGN);
    }
    throw problem(peek() == '/' ? "expected '/' for comment" : "illegal char");
  }

  private Token word(Position at) {
    int start = index();
    while (isLetter(peek()) || isDigit(peek()) || peek() == '-' || peek() == '.') {
      advance();
    }
    String word = since(start);
    boolean truth = word.equals("true") || word.equals("false");
    return new Token(truth ? Kind.BOOL : Kind.IDENT, word, at);
  }

  private static boolean isLetter(int c) {
    return c >= 0 && (c == '_' || Character.isLetter(c));
  }

  /**
   * Reads lines up to one that holds the anchor alone. The indentation stays, even behind
   * {@code <<-}: no value that means something in a policy has more than one line.
   */
  private Token heredoc(Position at) {
    advance(2);
    if (peek() == '-') {
      advance();
    }
    String anchor = line(at);
    if (anchor.isEmpty() || !anchor.chars().allMatch(c -> isLetter(c) || isDigit(c))) {
      throw new PolicySyntaxException(at, "invalid characters in heredoc anchor");
    }
    StringBuilder lines = new StringBuilder();
    for (String line = line(at); !line.stripLeading().equals(anchor); line = line(at)) {
      lines.append(line).append('\n');
    }
    return new Token(Kind.HEREDOC, lines.toString(), at);
  }

  private String line(Position at) {
    int start = index();
    skipLine();
    if (peek() < 0) {
      throw new PolicySyntaxException(at, "heredoc not terminated");
    }
    String line = since(start);
    advance();
    return line;
  }

  @Override
  void escape(StringBuilder value) {
    Position at = position();
    int c = peek();
    if (c >= '0' && c <= '7') {
      value.append(ascii(at, digits(8, 3)));
      return;
    }
    advance();
    switch (c) {
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case '\\', '"' -> value.append((char) c);
      case 'x' -> value.append(ascii(at, digits(16, 2)));
      case 'u' -> value.appendCodePoint(codePoint(at, digits(16, 4)));
      case 'U' -> value.appendCodePoint(codePoint(at, digits(16, 8)));
      default -> throw new PolicySyntaxException(at, "illegal char escape");
    }
  }

  /** These escapes stand for bytes, and a byte beyond ASCII is only a part of a character. */
  private static char ascii(Position at, int value) {
    if (value > MAX_ASCII) {
      throw new PolicySyntaxException(at, "illegal char escape");
    }
    return (char) value;
  }

  private static int codePoint(Position at, int value) {
    if (!Character.isValidCodePoint(value)
        || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
      throw new PolicySyntaxException(at, "illegal char escape");
    }
    return value;
  }
}
