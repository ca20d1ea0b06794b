package dev.strongroom.auth.k8s.internal.method;

import java.util.List;

/** Names with {@code *}, which stands for any characters, also none. Nothing else is special. */
final class Globs {
  private Globs() {}

  static boolean anyMatches(List<String> globs, String name) {
    return globs.stream().anyMatch(glob -> matches(glob, name));
  }

  /** Greedy from the left: the first place where a piece fits leaves most to the others. */
  private static boolean matches(String glob, String name) {
    String[] pieces = glob.split("\\*", -1);
    if (pieces.length == 1) {
      return glob.equals(name);
    }
    String last = pieces[pieces.length - 1];
    if (!name.startsWith(pieces[0]) || name.length() < pieces[0].length() + last.length()) {
      return false;
    }
    int from = pieces[0].length();
    for (int i = 1; i < pieces.length - 1; i++) {
      int found = name.indexOf(pieces[i], from);
      if (found < 0) {
        return false;
      }
      from = found + pieces[i].length();
    }
    return name.endsWith(last) && name.length() - last.length() >= from;
  }
}
