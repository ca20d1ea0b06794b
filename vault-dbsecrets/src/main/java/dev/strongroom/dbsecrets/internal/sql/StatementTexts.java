package dev.strongroom.dbsecrets.internal.sql;

import dev.strongroom.request.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one element of a role's statements holds: SQL, a JSON array of SQL texts, or one of the two
 * in base64. Forms: OpenBao v2.6.2 {@code plugins/database/postgresql/postgresql.go} with
 * {@code go-secure-stdlib/strutil}.
 *
 * <p>SQL is split at semicolons, as {@link SqlScanner} sees them, unless it is known to be one
 * block. Texts of the array are not split. Where the reference tears a text apart that it does not
 * understand, this keeps it together; where it sends more than one statement at once because it saw
 * a block, so does this, because PostgreSQL splits it rightly.
 */
final class StatementTexts {
  private static final Pattern DOUBLE_QUOTED = Pattern.compile("\"[^\"\\n]*\"");
  private static final Pattern SINGLE_QUOTED = Pattern.compile("'[^'\n]*'");
  private static final Pattern BLOCK_WORD = Pattern.compile("\\bEND\\b");

  private StatementTexts() {}

  /** Returns the statements of an element. */
  static List<StatementText> of(String element, StatementKind kind) {
    String written = element.strip();
    Optional<String> decoded = decoded(written);
    String text = decoded.orElse(written).strip();
    Optional<List<String>> array = array(text);
    if (!kind.isNeverRun()) {
      array.orElse(List.of(text)).forEach(TransactionControl::refuse);
    }
    if (array.isPresent()) {
      return array.get().stream().map(sql -> whole(sql, kind)).toList();
    }
    if (decoded.isEmpty() && kind.knowsBlocks() && looksLikeBlock(text)) {
      return List.of(whole(text, kind));
    }
    return SqlScanner.statements(text).stream()
        .map(tokens -> StatementText.of(tokens, kind.variables()))
        .toList();
  }

  private static StatementText whole(String sql, StatementKind kind) {
    return StatementText.of(SqlScanner.tokens(sql), kind.variables());
  }

  /**
   * Returns whether the reference takes a text for a block: the upper-case word END is in it, apart
   * from what is in the quotes that come last, double ones before single ones.
   */
  private static boolean looksLikeBlock(String text) {
    List<String> quotes = new ArrayList<>();
    for (Pattern quoted : List.of(DOUBLE_QUOTED, SINGLE_QUOTED)) {
      Matcher matcher = quoted.matcher(text);
      while (matcher.find()) {
        quotes.add(matcher.group());
      }
    }
    String rest = quotes.isEmpty() ? text : text.replace(quotes.get(quotes.size() - 1), "");
    return BLOCK_WORD.matcher(rest).find();
  }

  /** Decodes padded base64 whose lines may be broken, if it is that and holds text. */
  private static Optional<String> decoded(String text) {
    String joined = text.replace("\r", "").replace("\n", "");
    if (joined.isEmpty() || joined.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(joined));
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return Optional.of(decoded).filter(sql -> sql.indexOf('\0') < 0);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty(); // SQL, then
    }
  }

  private static Optional<List<String>> array(String text) {
    if (!text.startsWith("[") || !text.endsWith("]")) {
      return Optional.empty();
    }
    try {
      Map<String, ?> members = Payload.parse("{\"sql\":[" + text + "]}").toMap();
      return members.size() == 1 && members.get("sql") instanceof List<?> outer && outer.size() == 1
          ? texts(outer.get(0))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // SQL, then
    }
  }

  private static Optional<List<String>> texts(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)
        ? Optional.of(list.stream().map(String.class::cast).toList())
        : Optional.empty();
  }
}
