package dev.strongroom.internal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules for more than one path, by segments. Rules are ranked once, by
 * {@link PathPattern#STRENGTH}; a search walks down the segments of a path and leaves out every
 * branch without a stronger rule than the best one so far. What it costs depends on the path, not
 * on the number of rules; only rules that fork at the same places, a plus sign here and a name
 * there, add to it, and no node is seen twice. Immutable.
 */
final class RuleTree {
  private static final int NONE = -1;

  private final AclRule[] ranked;
  private final Node root;

  RuleTree(Map<PathPattern, AclRule> rules) {
    List<PathPattern> patterns = new ArrayList<>(rules.keySet());
    patterns.sort(PathPattern.STRENGTH);
    ranked = patterns.stream().map(rules::get).toArray(AclRule[]::new);
    root = grow(patterns);
  }

  /**
   * Returns the strongest rule for a path; null if there is none.
   *
   * @param length how much of the path counts
   */
  @Nullable
  AclRule find(String path, int length) {
    int best = NONE;
    Fork fork = new Fork(root, 0, null);
    while (fork != null) {
      Node node = fork.node;
      int from = fork.from;
      fork = fork.next;
      while (node != null && node.strongest > best) {
        int slash = path.indexOf('/', from);
        int to = slash == -1 || slash > length ? length : slash;
        best = Math.max(best, node.glob(path, from, to));
        Node named = node.child(path, from, to);
        if (to == length) {
          best = Math.max(best, Math.max(end(named), end(node.any)));
          break;
        }
        from = to + 1;
        if (node.any != null) {
          fork = new Fork(node.any, from, fork);
        }
        node = named;
      }
    }
    return best == NONE ? null : ranked[best];
  }

  private static int end(@Nullable Node node) {
    return node == null ? NONE : node.end;
  }

  /** A way not taken yet. */
  private record Fork(Node node, int from, @Nullable Fork next) {}

  /** What rules have in common up to some segment. Ranks are {@link #NONE} where there is none. */
  private static final class Node {
    private final SortedTexts names;
    private final Node[] children;
    private final @Nullable Node any;
    private final int end;
    private final SortedTexts globs;
    private final int[] globRanks;
    private final int strongest;

    Node(Branch branch) {
      names = SortedTexts.of(branch.children.navigableKeySet());
      children = branch.children.values().stream().map(Branch::grown).toArray(Node[]::new);
      any = branch.any == null ? null : branch.any.grown();
      end = branch.end;
      globs = SortedTexts.of(branch.globs.navigableKeySet());
      globRanks = branch.globs.values().stream().mapToInt(Integer::intValue).toArray();
      for (int i = 0; i < globRanks.length; i++) {
        int prefix = globs.prefixOf(i);
        globRanks[i] =
            Math.max(globRanks[i], prefix == SortedTexts.NONE ? NONE : globRanks[prefix]);
      }
      strongest = branch.strongest;
    }

    @Nullable
    Node child(String path, int from, int to) {
      int index = names.find(path, from, to);
      return index == SortedTexts.NONE ? null : children[index];
    }

    /** Returns the rank of the strongest rule that takes everything beyond this segment. */
    int glob(String path, int from, int to) {
      int index = globs.findPrefix(path, from, to);
      return index == SortedTexts.NONE ? NONE : globRanks[index];
    }
  }

  /** A node in the making. */
  private static final class Branch {
    private final TreeMap<String, Branch> children = new TreeMap<>();
    private final TreeMap<String, Integer> globs = new TreeMap<>();
    private @Nullable Branch any;
    private int end = NONE;
    private int strongest = NONE;
    private @Nullable Node grown;

    /** Returns the branch behind a segment; a new one joins {@code all}. */
    Branch step(String segment, List<Branch> all) {
      Branch next = segment.equals("+") ? any : children.get(segment);
      if (next == null) {
        next = new Branch();
        all.add(next);
        if (segment.equals("+")) {
          any = next;
        } else {
          children.put(segment, next);
        }
      }
      return next;
    }

    Node grown() {
      return Objects.requireNonNull(grown, "a branch grows before the one it is on");
    }
  }

  private static Node grow(List<PathPattern> ranked) {
    Branch root = new Branch();
    List<Branch> all = new ArrayList<>(List.of(root));
    for (int rank = 0; rank < ranked.size(); rank++) {
      PathPattern pattern = ranked.get(rank);
      String[] segments = pattern.text().split("/", -1);
      int steps = pattern.glob() ? segments.length - 1 : segments.length;
      Branch branch = root;
      branch.strongest = rank; // no rank before was greater
      for (int i = 0; i < steps; i++) {
        branch = branch.step(segments[i], all);
        branch.strongest = rank;
      }
      if (pattern.glob()) {
        branch.globs.put(segments[steps], rank);
      } else {
        branch.end = rank;
      }
    }
    // Backwards, because branches come behind the one they are on.
    for (int i = all.size() - 1; i >= 0; i--) {
      all.get(i).grown = new Node(all.get(i));
    }
    return root.grown();
  }
}
