package dev.strongroom.dbsecrets.internal.sql;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a placeholder stands, and so how a value is written there: as text that cannot end what it
 * stands in, or not at all.
 */
enum Placement {
  BARE("outside quotes, where it may only have letters, digits, \"_\" and single \"-\" inside") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(value).filter(WORDS.asMatchPredicate());
    }
  },
  IDENTIFIER("in double quotes") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(PgQuote.doubled(value, '"'));
    }
  },
  LITERAL("in single quotes") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(PgQuote.doubled(value, '\''));
    }
  },
  /** In {@code E'…'}, where a backslash begins an escape. */
  ESCAPED_LITERAL("in an escaped text") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(PgQuote.doubled(PgQuote.doubled(value, '\\'), '\''));
    }
  },
  /** In {@code U&'…'} or {@code U&"…"}, where most characters can be made to begin an escape. */
  UNICODE("in U& quotes, where it may only have letters, digits, \"_\", \"-\", \".\" and \"@\"") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(value).filter(PLAIN.asMatchPredicate());
    }
  },
  /**
   * In quotes that are inside of others: how often to double there, nobody can say, nor whether
   * what runs there gives a meaning to more, as format() does to "%", and PL/Perl to "@{[".
   */
  INNER(
      "in quotes inside quotes, where it may have no quote, bracket, brace or control character, and none of \\ $ @ %") {
    @Override
    Optional<String> written(String value) {
      return Optional.of(value)
          .filter(text -> QUOTELESS.matcher(text).matches() || ScramVerifier.looksLikeOne(text));
    }
  };

  private static final Pattern WORDS = Pattern.compile("[\\p{L}\\p{Nd}_]+(-[\\p{L}\\p{Nd}_]+)*");
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{Nd}_.@-]*");
  private static final Pattern QUOTELESS =
      Pattern.compile("[^'\"`\\\\$@%{}\\[\\]\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]*");

  private final String description;

  Placement(String description) {
    this.description = description;
  }

  /** Returns how the value is written; empty if it cannot stand there. */
  abstract Optional<String> written(String value);

  String description() {
    return description;
  }
}
