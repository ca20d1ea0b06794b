package dev.strongroom.internal.mount;

import dev.strongroom.spi.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of an engine, ready for matching. The first one that matches takes the path. They are
 * asked for with the first path: the vault's own engines have hundreds, which most vaults of tests
 * never need. Thread-safe.
 */
final class RouteTable {
  private final Supplier<List<Route>> routes;
  private volatile @Nullable List<Pattern> patterns;

  RouteTable(Supplier<List<Route>> routes) {
    this.routes = routes;
  }

  /** A route and what its pattern's names stand for. */
  record Match(Route route, List<String> names, List<String> values) {
    String captured(String name) {
      int index = names.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException(
            "the pattern " + route.pattern() + " captures no " + name);
      }
      return values.get(index);
    }
  }

  /** Finds the route for what follows the first {@code start} characters, the mount, of a path. */
  Optional<Match> match(String path, int start) {
    for (Pattern pattern : patterns()) {
      List<String> values = pattern.match(path, start);
      if (values != null) {
        return Optional.of(new Match(pattern.route, pattern.names, values));
      }
    }
    return Optional.empty();
  }

  private List<Pattern> patterns() {
    List<Pattern> made = patterns;
    if (made == null) {
      made = routes.get().stream().map(Pattern::new).toList();
      patterns = made;
    }
    return made;
  }

  /**
   * A pattern in parts: literal text, then segments, then perhaps {@code {name...}} and segments
   * behind it. Most patterns are text and one such name; these are matched without taking the path
   * apart.
   */
  private static final class Pattern {
    private final Route route;
    private final List<String> names = new ArrayList<>();
    private final String prefix;
    private final List<String> front;
    private final boolean open;
    private final List<String> back;

    Pattern(Route route) {
      this.route = route;
      List<String> segments = List.of(route.pattern().split("/", -1));
      int literal = 0;
      while (literal < segments.size() && !isName(segments.get(literal))) {
        literal++;
      }
      int greedy = literal;
      while (greedy < segments.size() && !segments.get(greedy).endsWith("...}")) {
        greedy++;
      }
      segments.stream()
          .filter(Pattern::isName)
          .forEach(segment -> names.add(segment
              .replace("...}", "}")
              .substring(1, segment.replace("...}", "}").length() - 1)));
      open = greedy < segments.size();
      prefix = String.join("/", segments.subList(0, literal))
          + (literal > 0 && literal < segments.size() ? "/" : "");
      front = segments.subList(literal, greedy);
      back = open ? segments.subList(greedy + 1, segments.size()) : List.of();
    }

    @Nullable
    List<String> match(String path, int start) {
      if (!path.startsWith(prefix, start)) {
        return null;
      }
      String rest = path.substring(start + prefix.length());
      if (front.isEmpty() && back.isEmpty()) {
        return open ? List.of(rest) : rest.isEmpty() ? List.of() : null;
      }
      List<String> segments = List.of(rest.split("/", -1));
      int inside = segments.size() - front.size() - back.size();
      if (open ? inside < 1 : inside != 0) {
        return null;
      }
      List<String> values = new ArrayList<>();
      boolean fits = take(front, segments.subList(0, front.size()), values);
      if (open) {
        values.add(String.join("/", segments.subList(front.size(), front.size() + inside)));
      }
      fits &= take(back, segments.subList(front.size() + inside, segments.size()), values);
      return fits ? values : null;
    }

    private static boolean take(List<String> pattern, List<String> segments, List<String> values) {
      for (int i = 0; i < pattern.size(); i++) {
        if (!isName(pattern.get(i))) {
          if (!pattern.get(i).equals(segments.get(i))) {
            return false;
          }
        } else if (segments.get(i).isEmpty()) {
          return false;
        } else {
          values.add(segments.get(i));
        }
      }
      return true;
    }

    private static boolean isName(String segment) {
      return segment.startsWith("{");
    }
  }
}
