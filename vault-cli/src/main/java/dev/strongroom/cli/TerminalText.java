package dev.strongroom.cli;

/** Text of somebody else, as a terminal may have it. */
final class TerminalText {
  private static final int MAX = 1000;

  private TerminalText() {}

  /** Returns the text without what would control a terminal, and no longer than readable. */
  static String of(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(MAX)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return shown.toString();
  }
}
