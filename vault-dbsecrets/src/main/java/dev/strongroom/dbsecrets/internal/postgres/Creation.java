package dev.strongroom.dbsecrets.internal.postgres;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A user that is to be made, with all of its statements in one transaction. Never printed.
 *
 * @param user exactly as it is to be called
 * @param mark see {@link Mark}; what has it was made by this, and by nothing else
 * @param statements which may hold a password
 * @param named whether the statements say that name; if not, they may make nobody
 * @param deadline by the database's clock, after which nothing is made
 * @param secrets that must not be in an error
 */
public record Creation(
    String user,
    String mark,
    List<String> statements,
    boolean named,
    Instant deadline,
    List<String> secrets) {
  public Creation {
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(mark, "mark");
    statements = List.copyOf(statements);
    Objects.requireNonNull(deadline, "deadline");
    secrets = List.copyOf(secrets);
  }

  @Override
  public String toString() {
    return "Creation[" + user + "]";
  }
}
