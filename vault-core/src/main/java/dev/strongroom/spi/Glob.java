package dev.strongroom.spi;

import java.util.Collection;
import java.util.List;

/**
 * Patterns of names, as roles have them: each {@code *} stands for any text, also none; nothing
 * else is special, and a pattern fits a whole text only.
 */
public final class Glob {
  private Glob() {}

  /** Returns whether one of the patterns fits. */
  public static boolean anyFits(Collection<String> patterns, String text) {
    return patterns.stream().anyMatch(pattern -> fits(pattern, text));
  }

  /** Takes the first place where each part fits: no later one can make more of the rest fit. */
  private static boolean fits(String pattern, String text) {
    List<String> parts = List.of(pattern.split("\\*", -1));
    if (parts.size() == 1) {
      return pattern.equals(text);
    }
    String first = parts.get(0);
    String last = parts.get(parts.size() - 1);
    int end = text.length() - last.length();
    if (!text.startsWith(first) || !text.endsWith(last) || end < first.length()) {
      return false;
    }
    int from = first.length();
    for (String part : parts.subList(1, parts.size() - 1)) {
      int at = text.indexOf(part, from);
      if (at < 0 || at + part.length() > end) {
        return false;
      }
      from = at + part.length();
    }
    return true;
  }
}
