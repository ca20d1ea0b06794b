package dev.strongroom.internal.policy;

import dev.strongroom.request.VaultPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path of a block, with placeholders: <code>{{ selector }}</code>. Same syntax as OpenBao
 * v2.6.2 {@code sdk/helper/identitytpl/templating.go}. Filled in one pass: a value is never read
 * again. Immutable.
 */
final class PathTemplate {
  private static final String OPEN = "{{";
  private static final Pattern AT_OPEN = Pattern.compile(OPEN, Pattern.LITERAL);
  private static final Pattern AT_CLOSE = Pattern.compile("}}", Pattern.LITERAL);

  private final List<String> literals = new ArrayList<>(); // one more than selectors
  private final List<String> selectors = new ArrayList<>();

  private PathTemplate() {}

  /**
   * Reads a path, with placeholders or without.
   *
   * @throws IllegalArgumentException if braces are left over, or one placeholder is in another
   */
  static PathTemplate parse(String path) {
    PathTemplate template = new PathTemplate();
    String[] pieces = AT_OPEN.split(path, -1);
    template.literals.add(pieces[0]);
    boolean balanced = !AT_CLOSE.matcher(pieces[0]).find();
    for (int i = 1; i < pieces.length && balanced; i++) {
      String[] halves = AT_CLOSE.split(pieces[i], -1);
      balanced = halves.length == 2;
      template.selectors.add(halves[0].strip());
      template.literals.add(halves[halves.length - 1]);
    }
    if (!balanced) {
      throw new IllegalArgumentException(
          "failed to validate policy templating: unbalanced templating characters");
    }
    return template;
  }

  /** Returns whether the path of a block that has been read has placeholders. */
  static boolean isTemplate(PathPattern path) {
    return path.text().contains(OPEN);
  }

  List<String> selectors() {
    return selectors;
  }

  /**
   * Returns the pattern this becomes; empty if a placeholder stands for nothing that may be part of
   * a path, or if no pattern comes of it.
   *
   * @param slashes whether values may have slashes
   * @param wildcards whether values may have stars and plus signs, which then are wildcards
   */
  Optional<PathPattern> fill(TemplateValues values, boolean slashes, boolean wildcards) {
    StringBuilder path = new StringBuilder(literals.get(0));
    for (int i = 0; i < selectors.size(); i++) {
      Optional<String> value =
          values.valueOf(selectors.get(i)).filter(v -> isUsable(v, slashes, wildcards));
      if (value.isEmpty()) {
        return Optional.empty();
      }
      path.append(value.get()).append(literals.get(i + 1));
    }
    try {
      return Optional.of(PathPattern.ofPath(path.toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns a pattern for every path that this may stand for, whatever the values are: all that
   * begins as this does before its first placeholder.
   */
  PathPattern beginning() {
    String first = literals.get(0);
    return PathPattern.ofPath(first.substring(0, first.lastIndexOf('/') + 1) + "*");
  }

  /** Nothing that ends a segment or makes an empty one, unless the policy asks for it. */
  private static boolean isUsable(String value, boolean slashes, boolean wildcards) {
    boolean plain = !value.isEmpty()
        && value.indexOf('{') < 0
        && value.indexOf('}') < 0
        && !value.endsWith("/")
        && (slashes || value.indexOf('/') < 0)
        && (wildcards || (value.indexOf('*') < 0 && value.indexOf('+') < 0));
    return plain && isRelativePath(value);
  }

  private static boolean isRelativePath(String value) {
    try {
      VaultPath.requireRelative(value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
