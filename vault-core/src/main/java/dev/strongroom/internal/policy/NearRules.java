package dev.strongroom.internal.policy;

import static dev.strongroom.internal.policy.PolicySyntaxException.quote;

import dev.strongroom.PolicyExplanation;
import dev.strongroom.PolicyExplanation.Near;
import dev.strongroom.request.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the rules that somebody may have had in mind who wonders about a decision: those that match
 * the path as well but are less specific, and those that miss it by a letter's case, a slash, or
 * one segment. Looks at every rule, which a decision never does.
 */
final class NearRules {
  /** Segments that differ by no more changes of single characters are likely a slip. */
  private static final int SLIP = 2;

  /** Longer segments are not compared character by character. */
  private static final int MAX_COMPARED = 64;

  private final String path;
  private final boolean folder;
  private final String[] segments;

  private NearRules(Operation operation, String path) {
    this.path = path;
    this.folder = operation.lists() && path.endsWith("/");
    this.segments = path.split("/", -1);
  }

  /** How a pattern and the path differ; the smallest distance is shown first. */
  private record Relation(int distance, String text) {}

  private record Found(PathPattern pattern, AclRule rule, Relation relation) {}

  static List<Near> of(
      Operation operation, String path, AclRule decisive, Map<PathPattern, AclRule> rules) {
    NearRules near = new NearRules(operation, path);
    List<Found> found = new ArrayList<>();
    rules.forEach((pattern, rule) -> {
      if (rule != decisive) {
        near.relationOf(pattern).ifPresent(is -> found.add(new Found(pattern, rule, is)));
      }
    });
    found.sort(Comparator.<Found>comparingInt(each -> each.relation.distance)
        .thenComparing(Found::pattern, PathPattern.STRENGTH.reversed()));
    return found.stream()
        .limit(PolicyExplanation.MAX_NEAR)
        .map(each -> new Near(each.rule.described(), each.relation.text))
        .toList();
  }

  private Optional<Relation> relationOf(PathPattern pattern) {
    if (matches(pattern, path) || (folder && matches(pattern, withoutSlash()))) {
      return Optional.of(new Relation(0, "matches, too, but is less specific"));
    }
    if (matches(inLowerCase(pattern), path.toLowerCase(Locale.ROOT))) {
      return Optional.of(new Relation(1, "differs in upper and lower case"));
    }
    if (path.endsWith("/") ? matches(pattern, withoutSlash()) : matches(pattern, path + "/")) {
      return Optional.of(new Relation(
          1,
          "is for the path " + (path.endsWith("/") ? "without" : "with") + " a slash at the end"));
    }
    return segmentApart(pattern);
  }

  private String withoutSlash() {
    return path.substring(0, path.length() - 1);
  }

  private static boolean matches(PathPattern pattern, String path) {
    return pattern.isExact()
        ? pattern.text().equals(path)
        : new RuleTree(Map.of(pattern, AclRule.NONE)).find(path, path.length()) != null;
  }

  private static PathPattern inLowerCase(PathPattern pattern) {
    String lower = pattern.text().toLowerCase(Locale.ROOT);
    return new PathPattern(
        lower, pattern.glob(), pattern.wildcardAt(), pattern.wildcards(), pattern.length());
  }

  private Optional<Relation> segmentApart(PathPattern pattern) {
    String[] wanted = pattern.text().split("/", -1);
    if (wanted.length < 2) {
      return Optional.empty();
    }
    for (int more = -1; more <= 1; more++) { // segments of the path beyond those of the pattern
      int size = wanted.length + more;
      boolean fits = pattern.glob() ? size <= segments.length : size == segments.length;
      if (fits) {
        Optional<Relation> relation = gap(wanted, pattern.glob(), size);
        if (relation.isPresent()) {
          return relation;
        }
      }
    }
    return pattern.isExact() && path.startsWith(pattern.text() + "/")
        ? Optional.of(new Relation(5, "is for that one path, and not for what lies below it"))
        : Optional.empty();
  }

  /** Compares the first {@code size} segments of the path, of which one may differ. */
  private Optional<Relation> gap(String[] wanted, boolean glob, int size) {
    int shorter = Math.min(wanted.length, size);
    int front = 0;
    while (front < shorter && fits(wanted, front, front, glob)) {
      front++;
    }
    int back = 0;
    while (back < shorter - front
        && fits(wanted, wanted.length - 1 - back, size - 1 - back, glob)) {
      back++;
    }
    boolean agree =
        agree(wanted, 0, front, glob) || agree(wanted, wanted.length - back, wanted.length, glob);
    if (size == wanted.length && front + back == size - 1) {
      boolean slip = distance(wanted[front], segments[front]) <= SLIP;
      return !slip && !agree
          ? Optional.empty()
          : Optional.of(new Relation(
              slip ? 2 : 4,
              "has " + quote(wanted[front]) + " instead of " + quote(segments[front])));
    }
    if (agree && size != wanted.length && front + back == shorter) {
      return Optional.of(
          size < wanted.length
              ? new Relation(3, "has " + quote(wanted[front]) + ", which the path lacks")
              : new Relation(3, "lacks " + quote(segments[front]) + " of the path"));
    }
    return Optional.empty();
  }

  /**
   * Returns whether one of these segments fits because of what it says: any path fits the others.
   */
  private static boolean agree(String[] wanted, int from, int to, boolean glob) {
    for (int at = from; at < to; at++) {
      boolean any =
          wanted[at].equals("+") || (glob && at == wanted.length - 1 && wanted[at].isEmpty());
      if (!any) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(String[] wanted, int at, int segment, boolean glob) {
    return (glob && at == wanted.length - 1)
        ? segments[segment].startsWith(wanted[at])
        : wanted[at].equals("+") || wanted[at].equals(segments[segment]);
  }

  /** Returns by how many inserted, removed or other characters two texts differ. */
  private static int distance(String one, String other) {
    if (one.length() > MAX_COMPARED || other.length() > MAX_COMPARED) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
