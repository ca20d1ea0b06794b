package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A token of HCL text as it is written, with the comments before it.
 *
 * @param written without the line end that closes a heredoc
 * @param lines how many line ends lie between this and what is before it, which may be a comment
 */
record PolicyPiece(Kind kind, String written, Position at, List<Comment> comments, int lines) {
  PolicyPiece {
    comments = List.copyOf(comments);
  }

  /**
   * A comment, without space at its end.
   *
   * @param lines how many line ends lie before it
   */
  record Comment(String written, int lines) {}

  boolean is(Kind other) {
    return kind == other;
  }

  /**
   * Returns the pieces of a text; the last one is the end.
   *
   * @param text with simple line ends
   */
  static List<PolicyPiece> of(String text) {
    List<PolicyPiece> pieces = new ArrayList<>();
    HclScanner scanner = new HclScanner(text);
    boolean ended = false;
    int passedLines = 0;
    while (!ended) {
      int gap = scanner.index();
      scanner.skipBlanks();
      List<Comment> comments = new ArrayList<>();
      int lines = separate(scanner.since(gap), passedLines, comments);
      int start = scanner.index();
      Token token = scanner.next();
      String written = scanner.since(start);
      passedLines = written.endsWith("\n") ? 1 : 0;
      pieces.add(new PolicyPiece(
          token.kind(),
          written.substring(0, written.length() - passedLines),
          token.at(),
          comments,
          lines));
      ended = token.is(Kind.EOF);
    }
    return pieces;
  }

  /** Collects the comments of a gap between tokens; returns the line ends after the last. */
  private static int separate(String gap, int passedLines, List<Comment> comments) {
    int lines = passedLines;
    int i = 0;
    while (i < gap.length()) {
      char c = gap.charAt(i);
      if (c == '#' || c == '/') {
        int end = gap.startsWith("/*", i) ? gap.indexOf("*/", i + 2) + 2 : lineEnd(gap, i);
        comments.add(new Comment(gap.substring(i, end).stripTrailing(), lines));
        lines = 0;
        i = end;
      } else {
        lines += c == '\n' ? 1 : 0;
        i++;
      }
    }
    return lines;
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }
}
