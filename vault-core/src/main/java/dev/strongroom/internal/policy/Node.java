package dev.strongroom.internal.policy;

import dev.strongroom.internal.policy.Token.Kind;
import java.util.List;

/** A value in a policy's text, HCL or JSON. */
public sealed interface Node {
  Position at();

  record Literal(Token token) implements Node {
    @Override
    public Position at() {
      return token.at();
    }

    /** Returns whether this can stand where a string is expected: a number is read as its text. */
    boolean isText() {
      return token.is(Kind.STRING) || token.is(Kind.HEREDOC) || token.is(Kind.NUMBER);
    }
  }

  record Elements(List<Node> nodes, Position at) implements Node {}

  record Members(List<Member> members, Position at) implements Node {}

  /**
   * A name, perhaps a label, and what stands behind them.
   *
   * @param keys at least one
   * @param line of the sign between key and value; 0 for a block, which has none
   */
  record Member(List<Token> keys, int line, Node value) {
    public String name() {
      return keys.get(0).text();
    }

    public Position at() {
      return keys.get(0).at();
    }
  }
}
