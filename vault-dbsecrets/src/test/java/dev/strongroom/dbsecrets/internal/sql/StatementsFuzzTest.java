package dev.strongroom.dbsecrets.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.dbsecrets.DatabaseCases;
import dev.strongroom.dbsecrets.internal.sql.SqlScanner.Token;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are nearly statements: whatever is put in, they stay the statements they were. */
class StatementsFuzzTest {
  private static final int MUTATIONS = 300;

  private static final List<String> PIECES = List.of(
      "'",
      "\"",
      "E'",
      "U&'",
      "U&\"",
      "$$",
      "$a$",
      "$",
      "--",
      "\n",
      "\r",
      "/*",
      "*/",
      ";",
      "(",
      ")",
      "\\",
      "{{name}}",
      "{{password}}",
      "{{expiration}}",
      "{{",
      "END",
      "BEGIN ATOMIC",
      "CASE",
      "[",
      "]",
      "\\u0027",
      "\uD83D",
      "é",
      "\0",
      " ",
      "a",
      "1");

  /** Values that would like to end the quotes they are put in. */
  private static final List<String> VALUES = List.of(
      "v-token-r-1",
      "a\"b",
      "a'b",
      "a''b",
      "a\\",
      "$$",
      "$a$",
      "a",
      "--",
      "*/",
      "/*",
      "\n",
      ";",
      "{{password}}",
      "$1",
      "a\"; DROP ROLE x; --",
      "' OR 1=1",
      "-1",
      "E'",
      "é");

  private static final List<String> TEXTS = DatabaseCases.of(
          "creation", "revocation", "renew", "rotation", "root_rotation")
      .flatMap(c -> c.statements().stream())
      .filter(text -> !text.isEmpty())
      .distinct()
      .toList();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void fill_mutatedStatements_keepTheirShape(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      requireSameShape(mutated(random));
    }
  }

  static Stream<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void fill_anyBytes_keepTheirShape(byte[] text) {
    requireSameShape(new String(text, StandardCharsets.UTF_8));
  }

  private static void requireSameShape(String text) {
    for (StatementKind kind : List.of(StatementKind.CREATION, StatementKind.RENEW)) {
      Statements statements;
      try {
        statements = Statements.parse(kind, List.of(text));
      } catch (IllegalArgumentException e) {
        continue; // refused
      }
      List<String> plain = fill(statements, "a");
      for (String value : VALUES) {
        try {
          List<String> filled = fill(statements, value);
          assertThat(shape(filled)).as("%s in %s", value, text).isEqualTo(shape(plain));
        } catch (IllegalArgumentException e) {
          assertThat(e).as(text).hasMessageStartingWith("{{").hasMessageContaining("}} stands ");
        }
      }
    }
  }

  private static List<String> fill(Statements statements, String value) {
    return statements.fill(
        StatementValues.of(value).withPassword(value).withExpiration(Instant.EPOCH));
  }

  /** What kinds of tokens there are, one after the other. */
  private static List<List<Token.Kind>> shape(List<String> statements) {
    return statements.stream()
        .map(sql -> SqlScanner.tokens(sql).stream().map(Token::kind).toList())
        .toList();
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(pick(TEXTS, random));
    for (int i = random.nextInt(5); i >= 0; i--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.replace(from, to, pick(PIECES, random));
        case 2 -> text.insert(from, pick(PIECES, random).repeat(random.nextInt(50)));
        default -> text.insert(from, pick(PIECES, random));
      }
    }
    return text.toString();
  }

  private static String pick(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
