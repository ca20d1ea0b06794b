package dev.strongroom.internal.lease;

import dev.strongroom.spi.OutsideException;

/**
 * What an attempt outside the vault failed with, in words that may be kept.
 *
 * @param kind says whether another attempt makes sense
 * @param text for operators; never what a driver or a server said
 */
record OutsideFailure(OutsideException.Kind kind, String text) {
  static final int MAX_TEXT = 240;

  /**
   * Takes an engine's own words, cut to {@value #MAX_TEXT} printable characters; of anything else
   * only its type, because its text may hold a secret.
   */
  static OutsideFailure of(Throwable e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return e instanceof OutsideException outside
        ? new OutsideFailure(outside.kind(), cut(String.valueOf(outside.getMessage())))
        : new OutsideFailure(OutsideException.Kind.RETRYABLE, e.getClass().getSimpleName());
  }

  private static String cut(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints().limit(MAX_TEXT).map(c -> isPrintable(c) ? c : ' ').forEach(c -> {
      if (kept.length() + Character.charCount(c) <= MAX_TEXT) {
        kept.appendCodePoint(c);
      }
    });
    return kept.isEmpty() ? "unknown" : kept.toString();
  }

  /** Formats turn the direction of writing, so that a line shows what it does not say. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }

  /** Returns these words behind others, cut again. */
  String after(String words) {
    return cut(words + text);
  }
}
