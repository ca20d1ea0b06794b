package dev.strongroom.request;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request: mount and path inside it, in the one spelling that routing, access
 * control, engine and storage all see. Nothing is cleaned: a path that is not canonical is refused.
 * Leading slashes are dropped, as clients send them; apart from that segments are 1 to 1,024 UTF-8
 * bytes of printable characters (OpenBao v2.6.2 {@code http/util.go}: Go {@code unicode.IsPrint}),
 * none of them {@code .} or {@code ..}, at most 4,096 bytes together, and one trailing slash may
 * name a folder. Case counts. Immutable and thread-safe.
 */
public final class VaultPath {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_SEGMENT_BYTES = 1024;

  private final String text;

  private VaultPath(String text) {
    this.text = text;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if the path is not canonical, with the reason
   */
  public static VaultPath parse(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == '/') {
      start++;
    }
    String path = start == 0 ? text : text.substring(start);
    check(path);
    return new VaultPath(path);
  }

  /**
   * Checks a path relative to something: a key inside a mount.
   *
   * @throws IllegalArgumentException if the path begins with a slash or is not canonical
   */
  public static String requireRelative(String path) {
    if (path.startsWith("/")) {
      throw new IllegalArgumentException("the path must not begin with a slash");
    }
    check(path);
    return path;
  }

  /** Returns the path without leading slash. */
  public String text() {
    return text;
  }

  /** Returns whether the path names a folder: it ends in a slash, or is empty. */
  public boolean isFolder() {
    return text.isEmpty() || text.endsWith("/");
  }

  /**
   * Returns this path with a trailing slash.
   *
   * @throws IllegalArgumentException if there is no room for it
   */
  public VaultPath asFolder() {
    return isFolder() ? this : parse(text + "/");
  }

  private static void check(String path) {
    requireLength(path.length()); // before anything that grows with it
    int segmentStart = 0;
    boolean ascii = true;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/') {
        checkSegment(path, segmentStart, i, ascii);
        segmentStart = i + 1;
      } else if (c < ' ' || c > '~') {
        ascii = false;
        int codePoint = path.codePointAt(i);
        if (!isPrintable(codePoint)) {
          throw new IllegalArgumentException("paths must consist of printable characters");
        }
        i += Character.charCount(codePoint) - 1;
      }
    }
    if (segmentStart < path.length()) {
      checkSegment(path, segmentStart, path.length(), ascii);
    }
    if (!ascii) {
      requireLength(path.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private static void requireLength(int bytes) {
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException("paths are at most " + MAX_BYTES + " bytes long");
    }
  }

  private static void checkSegment(String path, int start, int end, boolean ascii) {
    int length = end - start;
    if (length == 0) {
      throw new IllegalArgumentException("paths must not contain empty segments");
    }
    if (path.charAt(start) == '.'
        && (length == 1 || (length == 2 && path.charAt(start + 1) == '.'))) {
      throw new IllegalArgumentException("relative paths not supported");
    }
    if (length > MAX_SEGMENT_BYTES
        || (!ascii
            && path.substring(start, end).getBytes(StandardCharsets.UTF_8).length
                > MAX_SEGMENT_BYTES)) {
      throw new IllegalArgumentException(
          "path segments are at most " + MAX_SEGMENT_BYTES + " bytes long");
    }
  }

  /**
   * Returns whether text holds printable characters only: letters, marks, numbers, punctuation,
   * symbols and the ASCII space, like Go {@code unicode.IsPrint}.
   */
  public static boolean isPrintable(String text) {
    return text.codePoints().allMatch(VaultPath::isPrintable);
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VaultPath path && text.equals(path.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
