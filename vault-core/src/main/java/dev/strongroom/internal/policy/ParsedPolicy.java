package dev.strongroom.internal.policy;

import java.time.Instant;
import java.util.List;

/** A policy whose text has been read and checked. Immutable. */
public final class ParsedPolicy {
  private final String name;
  private final List<PathBlock> blocks;

  private ParsedPolicy(String name, List<PathBlock> blocks) {
    this.name = name;
    this.blocks = blocks;
  }

  /**
   * Reads a policy.
   *
   * @param text HCL, or JSON where the first character is a brace; at most
   *     {@value PolicyParser#MAX_BYTES} bytes, {@value PolicyReader#MAX_BLOCKS} blocks and
   *     {@value PolicyParser#MAX_DEPTH} levels
   * @param now blocks that have expired are left out, and not checked beyond the types of their
   *     values
   * @throws PolicySyntaxException if the text is not a policy, or asks for what is not enforced
   *     here
   */
  public static ParsedPolicy parse(String name, String text, Instant now) {
    return new ParsedPolicy(name, PolicyReader.read(PolicyParser.parse(text), now));
  }

  /** Returns this policy, of which nothing counts from some moment on. */
  ParsedPolicy endingAt(Instant end) {
    return new ParsedPolicy(
        name, blocks.stream().map(block -> block.endingAt(end)).toList());
  }

  String name() {
    return name;
  }

  List<PathBlock> blocks() {
    return blocks;
  }
}
