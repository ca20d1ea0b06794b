package dev.strongroom.internal.policy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Which paths a rule is for: one path, everything that begins with a text, or segments of which
 * some may be anything. Same rules as OpenBao v2.6.2 {@code vault/policy/policy.go}. Two patterns
 * are equal if they stand for the same paths in the same way. Immutable.
 *
 * @param text without one leading slash, and without the trailing star
 * @param glob whether it ended in a star, so that more may follow
 * @param wildcardAt UTF-8 bytes before the first wildcard. Where segments may be anything, that is
 *     the first plus sign, even one that stands in a longer segment: as in the reference
 * @param wildcards how many segments may be anything
 * @param length UTF-8 bytes of the text
 */
record PathPattern(String text, boolean glob, int wildcardAt, int wildcards, int length) {
  /** No request has a longer path. */
  static final int MAX_BYTES = 4_096;

  /** Which of two patterns decides where both match: the greater one. Never 0 for two patterns. */
  static final Comparator<PathPattern> STRENGTH = Comparator.comparingInt(PathPattern::wildcardAt)
      .thenComparing(PathPattern::glob, Comparator.reverseOrder())
      .thenComparing(PathPattern::wildcards, Comparator.reverseOrder())
      .thenComparing(PathPattern::length)
      .thenComparing(pattern -> utf8(pattern.text), Arrays::compareUnsigned);

  /**
   * Reads the label of a block.
   *
   * @throws IllegalArgumentException if a star follows a plus sign, or if it is longer than
   *     {@value #MAX_BYTES} bytes
   */
  static PathPattern of(String label) {
    return ofPath(label.startsWith("/") ? label.substring(1) : label);
  }

  /** As {@link #of} for a path whose leading slash, if it had one, is gone. */
  static PathPattern ofPath(String path) {
    if (path.contains("+*")) {
      throw new IllegalArgumentException("invalid use of wildcards ('+*' is forbidden)");
    }
    boolean glob = path.endsWith("*");
    String text = glob ? path.substring(0, path.length() - 1) : path;
    int length = utf8(text).length;
    if (length > MAX_BYTES) {
      throw new IllegalArgumentException("paths are at most " + MAX_BYTES + " bytes long");
    }
    return hasFreeSegments(text)
        ? new PathPattern(
            text,
            glob,
            utf8(text.substring(0, text.indexOf('+'))).length,
            countFreeSegments(text),
            length)
        : new PathPattern(text, glob, length, 0, length);
  }

  private static boolean hasFreeSegments(String text) {
    return text.equals("+") || text.startsWith("+/") || text.contains("/+");
  }

  private static int countFreeSegments(String text) {
    return (int) Arrays.stream(text.split("/", -1))
        .filter(segment -> segment.equals("+"))
        .count();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns whether this stands for its own text and nothing else. */
  boolean isExact() {
    return !glob && !hasFreeSegments(text);
  }

  /**
   * Returns whether this is for a folder or something in it, and not for things outside, too.
   *
   * @param folder with a trailing slash
   */
  boolean isWithin(String folder) {
    if (wildcards == 0) {
      return text.startsWith(folder);
    }
    String[] mine = text.split("/", -1);
    String[] outer = folder.split("/", -1);
    for (int i = 0; i < outer.length - 1; i++) {
      if (i + 1 >= mine.length || !(mine[i].equals("+") || mine[i].equals(outer[i]))) {
        return false;
      }
    }
    return true;
  }

  /** Returns the path as policies write it. */
  @Override
  public String toString() {
    return glob ? text + "*" : text;
  }
}
