package dev.strongroom.dbsecrets;

import java.util.List;

/**
 * What keeps a database user from being dropped. Immutable.
 *
 * @param exists whether there is such a user; if not, the rest says nothing
 * @param droppable whether it can be dropped without statements of one's own
 * @param reasons what is in the way, such as {@code owns table public.t}; up to 50
 * @param statements SQL that would help, each with a comment that says in which database
 */
public record DropPreflight(
    boolean exists, boolean droppable, List<String> reasons, List<String> statements) {
  public DropPreflight {
    reasons = List.copyOf(reasons);
    statements = List.copyOf(statements);
  }
}
