package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.PolicyPiece.Comment;
import dev.strongroom.internal.policy.Token.Kind;
import java.util.List;
import java.util.stream.Stream;

/**
 * The one layout of a policy's text: a member a line, two spaces a level, a list in one line where
 * it fits, an empty line between blocks and at most one elsewhere. Names, values and comments stay
 * as they are written and in their order; commas come and go. For one thread.
 */
final class PolicyLayout {
  private static final int MAX_COLUMNS = 100;
  private static final String INDENT = "  ";

  private final List<PolicyPiece> pieces;
  private final StringBuilder out = new StringBuilder();
  private int next;
  private int commentsPassed;
  private int depth;

  private PolicyLayout(List<PolicyPiece> pieces) {
    this.pieces = pieces;
  }

  /**
   * Returns a text in that layout.
   *
   * @throws PolicySyntaxException if it is JSON or not in the syntax of policies, or a comment
   *     stands in the middle of a member, where it could not keep its place
   */
  static String of(String hcl) {
    String text = hcl.replace("\r\n", "\n");
    if (text.stripLeading().startsWith("{")) {
      throw new PolicySyntaxException(Position.START, "the text is JSON, which has no layout here");
    }
    Document.parse(text, "path");
    List<PolicyPiece> pieces = PolicyPiece.of(text);
    PolicyLayout layout = new PolicyLayout(pieces);
    layout.members(Kind.EOF);
    String laidOut = layout.out.toString();
    if (!content(pieces).equals(content(PolicyPiece.of(laidOut)))) {
      throw new IllegalStateException("the layout would change what the policy says");
    }
    return laidOut;
  }

  /** Returns everything that must not be lost. */
  private static List<String> content(List<PolicyPiece> pieces) {
    return pieces.stream()
        .filter(piece -> !piece.is(Kind.COMMA) || !piece.comments().isEmpty())
        .flatMap(piece -> Stream.concat(
            piece.comments().stream().map(Comment::written), Stream.of(piece.written())))
        .toList();
  }

  private void members(Kind end) {
    boolean first = true;
    boolean afterBlock = false;
    while (true) {
      boolean block = isBlock();
      boolean apart = depth == 0 && (afterBlock || block);
      if (comments(first, apart)) {
        first = false;
        apart = false;
      }
      if (peek().is(end)) {
        return;
      }
      beginLine(peek().lines(), first, apart);
      member();
      if (peek().is(Kind.COMMA)) {
        pass();
      }
      endLine();
      first = false;
      afterBlock = block;
    }
  }

  /** Returns whether a block, which has braces but no sign before them, begins here. */
  private boolean isBlock() {
    int i = next;
    while (isKey(pieces.get(i))) {
      i++;
    }
    return i > next && pieces.get(i).is(Kind.LBRACE);
  }

  private static boolean isKey(PolicyPiece piece) {
    return piece.is(Kind.IDENT) || piece.is(Kind.STRING);
  }

  private void member() {
    take();
    while (isKey(peek())) {
      out.append(' ');
      take();
    }
    out.append(' ');
    if (peek().is(Kind.ASSIGN)) {
      take();
      out.append(' ');
    }
    value();
  }

  private void value() {
    switch (peek().kind()) {
      case LBRACE -> object();
      case LBRACK -> list();
      default -> take();
    }
  }

  private void object() {
    take();
    if (!isEmptyUntil(Kind.RBRACE)) {
      endLine();
      depth++;
      members(Kind.RBRACE);
      depth--;
      indent();
    }
    take();
  }

  private void list() {
    int end = endOfList();
    String line = inOneLine(next, end);
    if (!line.isEmpty() && column() + line.length() <= MAX_COLUMNS) {
      requireNoComment();
      out.append(line);
      next = end + 1;
      return;
    }
    take();
    endLine();
    depth++;
    elements();
    depth--;
    indent();
    take();
  }

  private void elements() {
    boolean first = true;
    while (true) {
      first &= !comments(first, /* apart= */ false);
      if (peek().is(Kind.RBRACK)) {
        return;
      }
      beginLine(peek().lines(), first, /* apart= */ false);
      boolean heredoc = peek().is(Kind.HEREDOC);
      value();
      if (heredoc) { // its last line holds the anchor alone
        out.append('\n');
        indent();
      }
      out.append(',');
      if (peek().is(Kind.COMMA)) {
        pass();
      }
      endLine();
      first = false;
    }
  }

  private int endOfList() {
    int open = 0;
    for (int i = next; ; i++) {
      open += pieces.get(i).is(Kind.LBRACK) ? 1 : pieces.get(i).is(Kind.RBRACK) ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
  }

  /** Returns a list in one line; empty if it cannot be in one. */
  private String inOneLine(int begin, int end) {
    StringBuilder line = new StringBuilder();
    boolean separate = false;
    for (int i = begin; i <= end; i++) {
      PolicyPiece piece = pieces.get(i);
      boolean hasComment = i > begin && !piece.comments().isEmpty();
      if (hasComment || piece.is(Kind.HEREDOC) || piece.is(Kind.LBRACE)) {
        return "";
      }
      if (!piece.is(Kind.COMMA)) {
        line.append(separate && !piece.is(Kind.RBRACK) ? ", " : "").append(piece.written());
        separate = !piece.is(Kind.LBRACK);
      }
    }
    return line.toString();
  }

  private boolean isEmptyUntil(Kind end) {
    return peek().is(end) && peek().comments().isEmpty();
  }

  /** Writes the comments before the next piece, each on its own line; returns whether any were. */
  private boolean comments(boolean first, boolean apart) {
    boolean any = false;
    List<Comment> comments = peek().comments();
    for (; commentsPassed < comments.size(); commentsPassed++) {
      beginLine(comments.get(commentsPassed).lines(), first && !any, apart && !any);
      out.append(comments.get(commentsPassed).written()).append('\n');
      any = true;
    }
    return any;
  }

  private void beginLine(int lines, boolean first, boolean apart) {
    if (!first && (lines > 1 || apart)) {
      out.append('\n');
    }
    indent();
  }

  /** Ends a line, behind the comments that stood on it. */
  private void endLine() {
    List<Comment> comments = peek().comments();
    while (commentsPassed < comments.size() && comments.get(commentsPassed).lines() == 0) {
      out.append(' ').append(comments.get(commentsPassed).written());
      commentsPassed++;
    }
    out.append('\n');
  }

  private void indent() {
    out.append(INDENT.repeat(depth));
  }

  private int column() {
    return out.length() - out.lastIndexOf("\n") - 1;
  }

  private PolicyPiece peek() {
    return pieces.get(next);
  }

  private void take() {
    out.append(peek().written());
    pass();
  }

  private void pass() {
    requireNoComment();
    commentsPassed = 0;
    next++;
  }

  private void requireNoComment() {
    if (commentsPassed < peek().comments().size()) {
      throw new PolicySyntaxException(
          peek().at(), "a comment stands in the middle of a member; give it a line of its own");
    }
  }
}
