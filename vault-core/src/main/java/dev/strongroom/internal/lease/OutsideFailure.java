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
    text.codePoints()
        .limit(MAX_TEXT)
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
        .forEach(c -> {
          if (kept.length() + Character.charCount(c) <= MAX_TEXT) {
            kept.appendCodePoint(c);
          }
        });
    return kept.isEmpty() ? "unknown" : kept.toString();
  }

  /** Returns these words behind others, cut again. */
  String after(String words) {
    return cut(words + text);
  }
}
