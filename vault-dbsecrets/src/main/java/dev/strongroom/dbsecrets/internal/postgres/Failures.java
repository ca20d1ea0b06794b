package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What went wrong, in words that hold no secret and no text of the driver. */
final class Failures {
  /** Somebody changed the same rows of a catalogue, or waited for us while we waited for them. */
  private static final Set<String> ANEW = Set.of("XX000", "40001", "40P01");

  private static final String NO_SUCH_ROLE = "42704";
  private static final Pattern QUOTED = Pattern.compile("\"(.{3,})\"");
  private static final int MAX_TEXT = 200;

  private Failures() {}

  /**
   * Returns whether the same transaction may succeed at once. With XX000 PostgreSQL says
   * {@code tuple concurrently updated}.
   */
  static boolean mayTryAgain(SQLException e) {
    return ANEW.contains(state(e));
  }

  /** Returns whether the server knows no such role. */
  static boolean isMissing(SQLException e, String role) {
    return state(e).equals(NO_SUCH_ROLE)
        && serverMessage(e).filter(said -> said.contains("\"" + role + "\"")).isPresent();
  }

  /** Returns whether the server said no, rather than nothing. */
  static boolean isRefusal(SQLException e) {
    String state = state(e);
    return state.length() == 5 && !state.startsWith("08") && !state.startsWith("57");
  }

  /** No connection was made. */
  static OutsideException notConnected(SQLException e) {
    return new OutsideException(
        Kind.UNREACHABLE, "error verifying connection: " + reason(e, List.of()), e);
  }

  /**
   * It is done, but the session could not be brought back; the cause must not look like a refusal.
   */
  static OutsideException afterCommit(SQLException e) {
    OutsideException failure = new OutsideException(
        Kind.RETRYABLE, "it was done, but the session failed afterwards: " + reason(e, List.of()));
    failure.addSuppressed(e);
    return failure;
  }

  /**
   * Something was asked, and refused or never answered.
   *
   * @param what was done, such as {@code failed to execute query}
   * @param secrets that must not be in the text
   */
  static OutsideException refused(String what, SQLException e, List<String> secrets) {
    return new OutsideException(Kind.RETRYABLE, what + ": " + reason(e, secrets), e);
  }

  /**
   * Returns the server's own words where they cannot hold what was sent, and otherwise what is
   * known of the failure.
   */
  static String reason(SQLException e, List<String> secrets) {
    String state = state(e);
    Optional<String> said = serverMessage(e);
    if (said.isPresent() && secrets.stream().noneMatch(secret -> shows(said.get(), secret))) {
      return said.get() + " (SQLSTATE " + state + ")";
    }
    return switch (state.length() == 5 ? state.substring(0, 2) : "") {
      case "08" -> "no connection, or it broke (SQLSTATE " + state + ")";
      case "28" -> "the server refused user or password (SQLSTATE " + state + ")";
      case "" -> "the driver failed (" + rootOf(e).getClass().getSimpleName() + ")";
      default -> "SQLSTATE " + state;
    };
  }

  /**
   * It quotes what it stumbled over, which may be a part of a password that stood outside quotes.
   */
  private static boolean shows(String message, String secret) {
    String said = message.toLowerCase(Locale.ROOT); // names outside quotes are folded
    String hidden = secret.toLowerCase(Locale.ROOT);
    Matcher near = QUOTED.matcher(said);
    boolean part = near.find() && hidden.contains(near.group(1));
    return part || said.contains(hidden);
  }

  /** Only the message: details and positions may repeat values. */
  private static Optional<String> serverMessage(SQLException e) {
    Throwable cause = rootOf(e);
    ServerErrorMessage said =
        cause instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    if (said == null || said.getMessage() == null) {
      return Optional.empty();
    }
    String message = String.valueOf(said.getSeverity()).toUpperCase(Locale.ROOT) + ": "
        + said.getMessage().replaceAll("\\p{Cntrl}", " ");
    return Optional.of(message.length() > MAX_TEXT ? message.substring(0, MAX_TEXT) : message);
  }

  static String state(SQLException e) {
    return rootOf(e) instanceof SQLException sql && sql.getSQLState() != null
        ? sql.getSQLState()
        : "";
  }

  /** A pool wraps what the driver said. */
  private static Throwable rootOf(SQLException e) {
    Throwable root = e;
    while (!(root instanceof PSQLException) && root.getCause() instanceof SQLException cause) {
      root = cause;
    }
    return root;
  }
}
