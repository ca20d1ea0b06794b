package dev.strongroom.internal.policy;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Texts in their natural order, found by a part of a path that nobody has to cut out. Immutable.
 */
final class SortedTexts {
  static final int NONE = -1;

  private static final SortedTexts EMPTY = new SortedTexts(new TreeSet<>());

  private final String[] texts;
  private final int[] prefixes;

  private SortedTexts(SortedSet<String> sorted) {
    texts = sorted.toArray(new String[0]);
    prefixes = new int[texts.length];
    for (int i = 0; i < texts.length; i++) {
      int prefix = i - 1;
      while (prefix != NONE && !texts[i].startsWith(texts[prefix])) {
        prefix = prefixes[prefix];
      }
      prefixes[i] = prefix;
    }
  }

  static SortedTexts of(SortedSet<String> sorted) {
    return sorted.isEmpty() ? EMPTY : new SortedTexts(sorted);
  }

  /** Returns the index of the longest other text that the one of an index begins with. */
  int prefixOf(int index) {
    return prefixes[index];
  }

  /** Returns the index of the text that equals the part of a path. */
  int find(String path, int from, int to) {
    int floor = floor(path, from, to);
    return floor != NONE
            && texts[floor].length() == to - from
            && path.startsWith(texts[floor], from)
        ? floor
        : NONE;
  }

  /**
   * Returns the index of the longest text that the part of a path begins with. Such texts come no
   * later than the part, and all texts between them and the part begin with them, too; so they are
   * among the prefixes of the one found.
   */
  int findPrefix(String path, int from, int to) {
    int index = floor(path, from, to);
    if (index == NONE) {
      return NONE;
    }
    int shared = shared(texts[index], path, from, to);
    while (index != NONE && texts[index].length() > shared) {
      index = prefixes[index];
    }
    return index;
  }

  /** Returns the index of the last text that does not come after the part of a path. */
  private int floor(String path, int from, int to) {
    int low = 0;
    int high = texts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (compare(texts[middle], path, from, to) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private static int compare(String text, String path, int from, int to) {
    int shared = shared(text, path, from, to);
    return shared == text.length() || shared == to - from
        ? text.length() - (to - from)
        : text.charAt(shared) - path.charAt(from + shared);
  }

  private static int shared(String text, String path, int from, int to) {
    int end = Math.min(text.length(), to - from);
    int shared = 0;
    while (shared < end && text.charAt(shared) == path.charAt(from + shared)) {
      shared++;
    }
    return shared;
  }
}
