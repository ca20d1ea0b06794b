package dev.strongroom.internal.policy;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A piece of policy text.
 *
 * @param text the value of a string, the characters of anything else
 */
public record Token(Kind kind, String text, Position at) {
  private static final int MAX_DIGITS = 100;

  /** What it is, as messages call it. */
  public enum Kind {
    IDENT,
    STRING,
    HEREDOC,
    NUMBER,
    FLOAT,
    BOOL,
    NULL,
    ASSIGN,
    COLON,
    COMMA,
    LBRACE,
    RBRACE,
    LBRACK,
    RBRACK,
    EOF
  }

  public boolean is(Kind other) {
    return kind == other;
  }

  /**
   * Returns the value of a number without a fraction, as HCL has it: decimal, with {@code 0x}, or
   * octal behind a zero.
   *
   * @throws NumberFormatException if it has more than {@value #MAX_DIGITS} characters, because what
   *     reading a number takes grows faster than its length
   */
  public BigInteger integer() {
    boolean negative = bounded().startsWith("-");
    String positive = negative ? text.substring(1) : text;
    BigInteger number;
    if (positive.startsWith("0x") || positive.startsWith("0X")) {
      number = new BigInteger(positive.substring(2), 16);
    } else {
      number = new BigInteger(positive, positive.startsWith("0") ? 8 : 10);
    }
    return negative ? number.negate() : number;
  }

  /** Returns the value of a number; as {@link #integer} if it has no fraction. */
  public BigDecimal decimal() {
    return is(Kind.NUMBER) ? new BigDecimal(integer()) : new BigDecimal(bounded());
  }

  private String bounded() {
    if (text.length() > MAX_DIGITS) {
      throw new NumberFormatException("a number has at most " + MAX_DIGITS + " characters");
    }
    return text;
  }
}
