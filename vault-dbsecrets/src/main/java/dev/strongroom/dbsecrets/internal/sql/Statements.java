package dev.strongroom.dbsecrets.internal.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * A role's statements, read once: the SQL texts that are sent one after the other, and what is
 * filled in. A value is written for the place it stands in, so that it cannot end its quotes, and
 * is refused where nothing could be written; it is never read as SQL or as a placeholder again.
 * Immutable and thread-safe.
 *
 * <p>Assumes {@code standard_conforming_strings} to be on: whoever sends the texts makes sure of
 * it.
 */
public final class Statements {
  private static final int MAX_LENGTH = 65_536;
  private static final int MAX_STATEMENTS = 256;

  private final StatementKind kind;
  private final List<StatementText> texts;

  private Statements(StatementKind kind, List<StatementText> texts) {
    this.kind = kind;
    this.texts = List.copyOf(texts);
  }

  /**
   * Reads statements.
   *
   * @param elements as they were given: SQL, a JSON array of SQL texts, or one of both in base64;
   *     up to 65,536 characters together, and up to 256 statements
   * @throws IllegalArgumentException if there are more, or a quote or comment is never closed; the
   *     message says what and where, and what was written only as far as a placeholder
   */
  public static Statements parse(StatementKind kind, List<String> elements) {
    requireLength(elements);
    List<StatementText> texts = new ArrayList<>();
    for (String element : elements) {
      PgQuote.requireText(element, "statement");
      for (StatementText text : StatementTexts.of(element, kind)) {
        if (!text.isEmpty()) {
          texts.add(text);
        }
      }
      if (texts.size() > MAX_STATEMENTS) {
        throw new IllegalArgumentException("more than " + MAX_STATEMENTS + " statements");
      }
    }
    return new Statements(kind, texts);
  }

  private static void requireLength(List<String> elements) {
    long length = elements.stream().mapToLong(String::length).sum();
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("statements have at most " + MAX_LENGTH
          + " characters together, but these have " + length);
    }
  }

  /** Returns whether nothing is done by them: there are none, or only comments. */
  public boolean isEmpty() {
    return texts.stream().allMatch(StatementText::isOnlyComments);
  }

  /** Returns whether the user's name stands in one, other than as a text or in a comment. */
  public boolean namesUser() {
    return texts.stream().anyMatch(StatementText::namesUser);
  }

  /**
   * Returns these, or what is done without any. For {@code CREATION} that is nothing, and for
   * {@code REVOCATION} what the database's catalogue says.
   */
  public Statements orDefault() {
    return isEmpty() ? parse(kind, kind.defaults()) : this;
  }

  /**
   * Returns what is sent, in order.
   *
   * @throws IllegalArgumentException if a value cannot stand where its placeholder does; the
   *     message names the placeholder, and not the value
   * @throws IllegalStateException if a value that the kind has is missing
   */
  public List<String> fill(StatementValues values) {
    List<String> filled = new ArrayList<>();
    for (StatementText text : texts) {
      filled.add(text.fill(values));
    }
    return List.copyOf(filled);
  }
}
