package dev.strongroom.internal.password;

import java.util.Arrays;

/** At least so many characters of a password are of these. Immutable. */
final class CharsetRule {
  private final int[] sorted;
  private final int minChars;

  private CharsetRule(int[] sorted, int minChars) {
    this.sorted = sorted;
    this.minChars = minChars;
  }

  static CharsetRule of(String charset, int minChars) {
    return new CharsetRule(charset.codePoints().sorted().distinct().toArray(), minChars);
  }

  /** Returns its characters, each once, in their order. */
  int[] characters() {
    return sorted.clone();
  }

  int minChars() {
    return minChars;
  }

  boolean isKeptBy(int[] candidate) {
    int found = 0;
    for (int i = 0; i < candidate.length && found < minChars; i++) {
      if (Arrays.binarySearch(sorted, candidate[i]) >= 0) {
        found++;
      }
    }
    return found >= minChars;
  }
}
