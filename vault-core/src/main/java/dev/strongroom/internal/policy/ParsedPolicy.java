package dev.strongroom.internal.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A policy whose text has been read and checked. Immutable. */
public final class ParsedPolicy {
  private final String name;
  private final List<PathBlock> blocks;
  private final boolean slashesInValues;
  private final boolean wildcardsInValues;

  private ParsedPolicy(
      String name, List<PathBlock> blocks, boolean slashesInValues, boolean wildcardsInValues) {
    this.name = name;
    this.blocks = blocks;
    this.slashesInValues = slashesInValues;
    this.wildcardsInValues = wildcardsInValues;
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
    return new ParsedPolicy(
        name, PolicyReader.read(PolicyParser.parse(text, "path"), now), false, false);
  }

  /**
   * Returns a text in the layout of {@link PolicyLayout}.
   *
   * @throws PolicySyntaxException if it cannot be, see there
   */
  public static String layOut(String hcl) {
    return PolicyLayout.of(hcl);
  }

  /** Returns this policy with placeholders for which other values are usable, too. */
  ParsedPolicy allowing(boolean slashes, boolean wildcards) {
    return new ParsedPolicy(name, blocks, slashes, wildcards);
  }

  /** Returns this policy, of which nothing counts from some moment on. */
  ParsedPolicy endingAt(Instant end) {
    return new ParsedPolicy(
        name,
        blocks.stream().map(block -> block.endingAt(end)).toList(),
        slashesInValues,
        wildcardsInValues);
  }

  String name() {
    return name;
  }

  List<PathBlock> blocks() {
    return blocks;
  }

  /** Returns the selectors of all placeholders. */
  Stream<String> selectors() {
    return blocks.stream()
        .map(PathBlock::pattern)
        .filter(PathTemplate::isTemplate)
        .flatMap(path -> PathTemplate.parse(path.toString()).selectors().stream());
  }

  /** Returns for which paths one of the blocks is; empty if its placeholders cannot be filled. */
  Optional<PathPattern> patternOf(PathBlock block, TemplateValues values) {
    PathPattern path = block.pattern();
    return PathTemplate.isTemplate(path)
        ? PathTemplate.parse(path.toString()).fill(values, slashesInValues, wildcardsInValues)
        : Optional.of(path);
  }
}
