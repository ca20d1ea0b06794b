package dev.strongroom.internal.policy;

import java.util.List;

/** A text in the syntax of policies, HCL 1 or JSON, of which nothing but the syntax is known. */
public record Document(List<Node.Member> members) {
  public Document {
    members = List.copyOf(members);
  }

  /**
   * Reads a text.
   *
   * @param block the key of blocks with a label: those of JSON come out as those of HCL
   * @throws PolicySyntaxException if the text is longer than {@value PolicyParser#MAX_BYTES} bytes,
   *     nested deeper than {@value PolicyParser#MAX_DEPTH} levels, or neither language
   */
  public static Document parse(String text, String block) {
    return new Document(PolicyParser.parse(text, block));
  }
}
