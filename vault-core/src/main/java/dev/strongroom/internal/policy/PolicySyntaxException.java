package dev.strongroom.internal.policy;

/**
 * A policy's text says nothing that can be enforced. The message tells what and where; its words
 * follow OpenBao v2.6.2 {@code vault/policy/policy.go} and HCL 1, where these have any.
 */
public final class PolicySyntaxException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_QUOTED = 200;

  private final String detail;
  private final int line;
  private final int column;

  PolicySyntaxException(Position at, String problem) {
    super("failed to parse policy: " + detail(at, problem));
    this.detail = detail(at, problem);
    this.line = at.line();
    this.column = at.column();
  }

  private static String detail(Position at, String problem) {
    return "At " + at.line() + ":" + at.column() + ": " + problem;
  }

  /** Returns what is wrong and where, without saying of what. */
  public String detail() {
    return detail;
  }

  /** Returns the line of the problem, from 1. */
  public int line() {
    return line;
  }

  /** Returns the column of the problem in UTF-16 units, from 1. */
  public int column() {
    return column;
  }

  /** Returns a word of the policy as messages show it: escaped, and no longer than readable. */
  static String quote(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    word.codePoints().limit(MAX_QUOTED).forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (c == '\n') {
        quoted.append("\\n");
      } else if (Character.isISOControl(c)) {
        quoted.append(String.format("\\u%04x", c));
      } else {
        quoted.appendCodePoint(c);
      }
    });
    return quoted
        .append(word.codePointCount(0, word.length()) > MAX_QUOTED ? "…\"" : "\"")
        .toString();
  }
}
