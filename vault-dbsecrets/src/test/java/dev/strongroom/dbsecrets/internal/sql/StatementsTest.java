package dev.strongroom.dbsecrets.internal.sql;

import static dev.strongroom.dbsecrets.internal.sql.StatementKind.CREATION;
import static dev.strongroom.dbsecrets.internal.sql.StatementKind.RENEW;
import static dev.strongroom.dbsecrets.internal.sql.StatementKind.REVOCATION;
import static dev.strongroom.dbsecrets.internal.sql.StatementKind.ROTATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.DatabaseCases;
import dev.strongroom.dbsecrets.DatabaseCases.Case;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  private static final Instant EXPIRATION = Instant.parse("2026-11-22T00:26:13.987Z");

  private static Statements parse(StatementKind kind, String... elements) {
    return Statements.parse(kind, List.of(elements));
  }

  private static List<String> fill(StatementKind kind, String name, String... elements) {
    return parse(kind, elements)
        .fill(StatementValues.of(name).withPassword("pass'word").withExpiration(EXPIRATION));
  }

  static Stream<Case> cases() {
    return DatabaseCases.of("creation", "revocation", "renew", "rotation", "root_rotation")
        .filter(c -> !c.isQuirk());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void case_isWhatTheReferenceSends(Case c) {
    StatementKind kind = StatementKind.valueOf(c.kind().toUpperCase(Locale.ROOT));
    Statements statements = Statements.parse(kind, c.statements()).orDefault();
    if (kind == REVOCATION && statements.isEmpty()) {
      assertThat(c.payload().object("database_facts")).isPresent();
      return; // what is revoked then is looked up in the database
    }
    List<String> sent = statements.fill(StatementValues.of(c.variable("name"))
        .withPassword(c.variable("password"))
        .withExpiration(EXPIRATION));
    assertThat(statements.isEmpty()).isEqualTo(c.payload().has("error"));
    assertThat(sent).isEqualTo(c.payload().texts("expected"));
  }

  static Stream<Case> quirks() {
    return DatabaseCases.of("creation", "revocation", "renew", "rotation", "root_rotation")
        .filter(Case::isQuirk);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN",
        "begin;",
        "CREATE ROLE a; COMMIT; SELECT 1",
        "/* so */ END",
        "-- so\n Start  Transaction READ ONLY",
        "ROLLBACK TO s",
        "ABORT",
        "SAVEPOINT s",
        "RELEASE s",
        "PREPARE /* it */ TRANSACTION 'x'",
        "[\"CREATE ROLE a\", \"COMMIT\"]",
        "DO $$ BEGIN PERFORM 1; END $$; COMMIT"
      })
  void parse_transactionControl_isRefused(String sql) {
    for (StatementKind kind : StatementKind.values()) {
      if (kind == StatementKind.ROLLBACK) {
        assertThat(Statements.parse(kind, List.of(sql)).isEmpty()).isFalse();
      } else {
        assertThatThrownBy(() -> Statements.parse(kind, List.of(sql)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is not allowed: the statements are one transaction");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DO $$ BEGIN PERFORM 1; END $$",
        "PREPARE p AS SELECT 1",
        "COMMENT ON ROLE a IS 'COMMIT; BEGIN'",
        "GRANT end_users TO a",
        "\"begin\"",
        "create function f() returns int language sql begin atomic select 1; end"
      })
  void parse_wordsThatOnlyLookLikeIt_areTaken(String sql) {
    assertThat(Statements.parse(StatementKind.RENEW, List.of(sql)).isEmpty()).isFalse();
  }

  @Test
  void namesUser_onlyWhereTheNameIsNoText() {
    assertThat(names("CREATE ROLE \"{{name}}\"")).isTrue();
    assertThat(names("CREATE ROLE {{username}}")).isTrue();
    assertThat(names("DO $$ BEGIN EXECUTE 'CREATE ROLE \"{{name}}\"'; END $$")).isTrue();
    assertThat(names("COMMENT ON ROLE app IS '{{name}}' -- {{name}}")).isFalse();
    assertThat(names("ALTER ROLE app NOLOGIN")).isFalse();
  }

  private static boolean names(String sql) {
    return Statements.parse(StatementKind.CREATION, List.of(sql)).namesUser();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("quirks")
  void quirk_textThatTheReferenceTearsApart_staysTogether(Case c) {
    StatementKind kind = StatementKind.valueOf(c.kind().toUpperCase(Locale.ROOT));
    List<String> sent = Statements.parse(kind, c.statements())
        .fill(StatementValues.of(c.variable("name"))
            .withPassword(c.variable("password"))
            .withExpiration(EXPIRATION));
    assertThat(sent)
        .isEqualTo(
            switch (c.id()) {
              case "db-create-do-lowercase" -> List.of("do $$ begin perform 1; perform 2; end $$");
              case "db-create-end-multiline-quote" ->
                List.of("COMMENT ON ROLE app IS 'first line\nEND'; SELECT 1");
              case "db-create-end-in-comment" ->
                List.of("CREATE ROLE \"%1$s\" LOGIN; -- END of setup\nGRANT app_ro TO \"%1$s\""
                    .formatted(c.variable("name")));
              case "db-create-semicolon-in-comment" ->
                List.of("CREATE ROLE \"%s\" LOGIN -- one; two".formatted(c.variable("name")));
              case "db-create-json-array-do-two" ->
                List.of("DO $$ BEGIN PERFORM 1; END $$;", "GRANT a TO b");
              case "db-create-base64-do", "db-renew-do-block" ->
                List.of("DO $$ BEGIN PERFORM 1; END $$");
              case "db-create-only-semicolons" -> List.of();
              default -> throw new AssertionError("say what we do with " + c.id());
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'it''s;'",
        "\"a;\"\"b\"",
        "E'a\\';b'",
        "e'\\\\';",
        "E'a' \n -- more; to come\n '\\';'",
        "U&'d;'",
        "U&\"d;\\0061\" UESCAPE '!'",
        "$$a;b$$",
        "$t$ a;$$;$x$;b $t$",
        "DO $x$ BEGIN EXECUTE 'a;b'; END $x$",
        "do language plpgsql $$ begin perform 1; end $$",
        "name$$;",
        "-- a; b\n",
        "/* ; /* ; */ */",
        "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
        "create function f() returns int language sql begin atomic select case when true then 1"
            + " end; select 2; end"
      })
  void parse_separatorsInsideOfSomething_doNotSeparate(String sql) {
    String sent = sql.replaceFirst("[;\n]$", "");
    assertThat(fill(RENEW, "n", sql + ";" + sql)).containsExactly(sent, sent);
  }

  @ParameterizedTest
  @EnumSource(StatementKind.class)
  void parse_block_worksInEveryKind(StatementKind kind) {
    String block = "DO $$ BEGIN PERFORM 1; PERFORM 2; END $$";
    assertThat(fill(kind, "n", block)).containsExactly(block);
    assertThat(fill(kind, "n", block.toLowerCase(Locale.ROOT) + ";"))
        .containsExactly(block.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"SELECT 'a", "SELECT \"a", "SELECT E'a\\'", "SELECT $a$ $b$", "/* /* */", "a;'"})
  void parse_quoteThatIsNeverClosed_isRefused(String sql) {
    assertThatThrownBy(() -> parse(CREATION, sql))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is never closed");
  }

  @Test
  void parse_base64OrArray_isTakenApartOnce() {
    String array = "[\"SELECT 1; SELECT 2\", \" SELECT 3 \", \"\"]";
    String encoded = Base64.getMimeEncoder().encodeToString(array.getBytes(StandardCharsets.UTF_8));
    assertThat(fill(RENEW, "n", array, encoded))
        .containsExactly("SELECT 1; SELECT 2", "SELECT 3", "SELECT 1; SELECT 2", "SELECT 3");
    assertThat(
            fill(StatementKind.ROLLBACK, "n", "ROLLBACK", "[1]", "[\"a\",\"b\"")) // none of the two
        .containsExactly("ROLLBACK", "[1]", "[\"a\",\"b\"");
  }

  @Test
  void parse_moreThanAllowed_isRefused() {
    assertThatThrownBy(() -> parse(CREATION, "x".repeat(65_537)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("statements have at most 65536 characters together, but these have 65537");
    assertThatThrownBy(() -> parse(CREATION, "SELECT 1;".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("more than 256 statements");
    assertThatThrownBy(() -> parse(CREATION, "SELECT '\0'"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ";;", "-- nothing", "/* nothing */ ;", "[\"\"]"})
  void orDefault_nothingToRun_isTheDefault(String element) {
    assertThat(parse(ROTATION, element)
            .orDefault()
            .fill(StatementValues.of("app").withPassword("a'b")))
        .containsExactly("ALTER ROLE \"app\" WITH PASSWORD 'a''b'");
    assertThat(parse(CREATION, element).orDefault().isEmpty()).isTrue();
  }

  @Nested
  class Values {
    private static final String HOSTILE = "a\"b'c\\d;--{{password}}";

    @Test
    void fill_inQuotes_isDoubledAndNeverReadAgain() {
      assertThat(fill(CREATION, HOSTILE, "CREATE ROLE \"{{name}}\""))
          .containsExactly("CREATE ROLE \"a\"\"b'c\\d;--{{password}}\"");
      assertThat(fill(CREATION, HOSTILE, "SELECT '{{name}}', '{{password}}'"))
          .containsExactly("SELECT 'a\"b''c\\d;--{{password}}', 'pass''word'");
      assertThat(fill(CREATION, HOSTILE, "SELECT E'{{name}}'"))
          .containsExactly("SELECT E'a\"b''c\\\\d;--{{password}}'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE ROLE {{name}}", "SELECT 1 -- {{name}}", "/* {{name}} */ A"})
    void fill_outsideQuotes_takesWordsOnly(String sql) {
      assertThat(fill(CREATION, "v-token-ä_1", sql).get(0)).contains("v-token-ä_1");
      for (String value : List.of("a b", "a;b", "a--b", "-1", "a-", "a'", "a$b", "a\nb", "a*/b")) {
        assertRefused(value, sql, "{{name}} stands outside quotes");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "DO $$ BEGIN EXECUTE 'DROP ROLE \"{{name}}\"'; END $$",
          "DO $a$ BEGIN PERFORM FROM pg_roles WHERE rolname='{{name}}'; END $a$",
          "SELECT dblink_exec('db', 'DROP ROLE \"{{name}}\"')",
          "SELECT E'SELECT \\'x\\', \"{{name}}\"'",
          "SELECT $${{name}}$$",
          "DO $$ BEGIN EXECUTE $q$ DROP ROLE \"{{name}}\" $q$; END $$"
        })
    void fill_inQuotesInsideQuotes_takesWhatNeedsNoDoubling(String sql) {
      assertThat(fill(CREATION, "v--r;/*x*/ -1", sql).get(0)).contains("v--r;/*x*/ -1");
      for (String value : List.of(
          "a'b",
          "a\"b",
          "a\\b",
          "$$",
          "$q$",
          "a\nb",
          "a%sb",
          "@{[1]}",
          "a@b",
          "a[b]",
          "a`b`",
          "a\u009bb",
          "a\u202eb",
          "a\u2028b")) {
        assertRefused(value, sql, "{{name}} stands in quotes inside quotes");
      }
    }

    @Test
    void fill_codeInsideQuotes_takesWordsOnly() {
      for (String sql : List.of(
          "DO $$ BEGIN EXECUTE 'DROP ROLE {{name}}'; END $$",
          "DO $$ BEGIN DROP ROLE {{name}}; END $$",
          "SELECT $$it's {{name}}$$")) {
        assertThat(fill(CREATION, "v-x-1", sql).get(0)).contains("v-x-1");
        assertRefused("v; x", sql, "{{name}} stands outside quotes");
      }
    }

    @Test
    void fill_verifierInABlock_isWrittenAsItIs() {
      String verifier = ScramVerifier.of("secret".toCharArray(), new byte[16]);
      Statements block = parse(
          CREATION,
          "DO $$ BEGIN EXECUTE 'CREATE ROLE \"{{name}}\" PASSWORD ''{{password}}'''; END $$");
      assertThat(block.fill(StatementValues.of("n").withPassword(verifier)))
          .containsExactly(
              "DO $$ BEGIN EXECUTE 'CREATE ROLE \"n\" PASSWORD ''" + verifier + "'''; END $$");
    }

    @Test
    void parse_placeholderAsTag_isRefused() {
      for (String sql : List.of("SELECT ${{name}} a$", "SELECT $x$ $a{{name}} $x$")) {
        assertThatThrownBy(() -> parse(CREATION, sql))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("{{name}} cannot be the tag of a dollar quote");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{{name}}$x$$x$", "{{name}}'x'", "{{name}}U&'x'", "{{name}}&'x'", "{{name}}x"})
    void parse_placeholderThatAddsToAWord_isRefused(String sql) {
      assertThatThrownBy(() -> parse(CREATION, sql))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("{{name}} stands outside quotes right before");
    }

    @Test
    void fill_unicodeQuotes_takeNoEscapes() {
      assertThat(fill(CREATION, "v-x", "SELECT U&'{{name}}', U&\"{{name}}\""))
          .containsExactly("SELECT U&'v-x', U&\"v-x\"");
      assertRefused("a\\0027", "SELECT U&'{{name}}'", "{{name}} stands in U& quotes");
    }

    private void assertRefused(String value, String sql, String problem) {
      Statements statements = parse(CREATION, sql);
      assertThatThrownBy(() -> statements.fill(StatementValues.of(value)))
          .as(value)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(problem)
          .hasMessageNotContaining(value + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\ud83d"})
    void of_nameThatNoRoleHas_isRefused(String name) {
      assertThatThrownBy(() -> StatementValues.of(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> StatementValues.of("ä".repeat(32)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a name in PostgreSQL has 1 to 63 bytes, but this has 64");
    }

    @Test
    void toString_showsNoPassword() {
      assertThat(StatementValues.of("n").withPassword("canary")).hasToString("StatementValues[n]");
    }
  }
}
