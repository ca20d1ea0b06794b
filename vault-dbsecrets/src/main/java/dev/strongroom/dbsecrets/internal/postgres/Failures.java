package dev.strongroom.dbsecrets.internal.postgres;

import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What went wrong, in words that hold no secret and no text of the driver. */
final class Failures {
  /** Somebody changed the same rows of a catalogue, or waited for us while we waited for them. */
  private static final Set<String> ANEW = Set.of("XX000", "40001", "40P01");

  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\p{Cn}]");

  /** Also those of translated messages. */
  private static final Pattern QUOTES = Pattern.compile("[\"'«»‹›„“”‚‘’「」]");

  private static final Pattern UNQUOTED = Pattern.compile("['\"\\\\]");
  private static final int SHORTEST_PART = 3;
  private static final int MAX_TEXT = 200;

  private Failures() {}

  /**
   * Returns whether the same transaction may succeed at once. With XX000 PostgreSQL says
   * {@code tuple concurrently updated}.
   */
  static boolean mayTryAgain(SQLException e) {
    return ANEW.contains(state(e));
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
      return cut(printable(said.get())) + " (SQLSTATE " + state + ")";
    }
    return switch (state.length() == 5 ? state.substring(0, 2) : "") {
      case "08" -> "no connection, or it broke (SQLSTATE " + state + ")";
      case "28" -> "the server refused user or password (SQLSTATE " + state + ")";
      case "" -> "the driver failed (" + rootOf(e).getClass().getSimpleName() + ")";
      default -> "SQLSTATE " + state;
    };
  }

  /**
   * It quotes what it stumbled over, which may be a part of a password that stood outside quotes,
   * and writes quotes and backslashes of it once or twice. Names outside quotes are folded.
   */
  private static boolean shows(String message, String secret) {
    String hidden = bare(secret);
    return bare(message).contains(hidden)
        || QUOTES
            .splitAsStream(message)
            .map(Failures::bare)
            .anyMatch(part -> part.length() >= SHORTEST_PART && hidden.contains(part));
  }

  private static String bare(String text) {
    return UNQUOTED.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** Only the message: details and positions may repeat values. */
  private static Optional<String> serverMessage(SQLException e) {
    Throwable cause = rootOf(e);
    ServerErrorMessage said =
        cause instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    return said == null || said.getMessage() == null
        ? Optional.empty()
        : Optional.of(
            String.valueOf(said.getSeverity()).toUpperCase(Locale.ROOT) + ": " + said.getMessage());
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) > MAX_TEXT
        ? text.substring(0, text.offsetByCodePoints(0, MAX_TEXT))
        : text;
  }

  /**
   * Returns a text of the server as it may stand in a line of a log: without control characters,
   * and without what turns the direction of writing.
   */
  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll(" ");
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
