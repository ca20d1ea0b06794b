package dev.strongroom.dbsecrets.internal.sql;

import dev.strongroom.dbsecrets.internal.sql.SqlScanner.Token;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Statements that begin or end a transaction. All statements of a list are one, or nobody could say
 * what a failure has left.
 */
final class TransactionControl {
  private static final Pattern BEGINNING = Pattern.compile(
      "\\s*(BEGIN|START\\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE"
          + "|PREPARE\\s+TRANSACTION)\\b.*",
      Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private TransactionControl() {}

  /**
   * Checks that a text has none.
   *
   * @throws IllegalArgumentException if it has; the message says which
   */
  static void refuse(String sql) {
    for (List<Token> statement : SqlScanner.statements(sql)) {
      Matcher control = BEGINNING.matcher(withoutComments(statement));
      if (control.matches()) {
        throw new IllegalArgumentException(control.group(1).toUpperCase(Locale.ROOT)
            + " is not allowed: the statements are one transaction as they are");
      }
    }
  }

  private static String withoutComments(List<Token> statement) {
    return statement.stream()
        .map(token -> token.kind() == Token.Kind.COMMENT ? " " : token.text())
        .collect(Collectors.joining());
  }
}
