package dev.strongroom.dbsecrets.internal.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes SQL apart as PostgreSQL does: into quotes, comments, and what is between them, and into
 * statements. A semicolon separates only outside of quotes, comments, parentheses, and the bodies
 * between BEGIN ATOMIC and END. Rules: PostgreSQL 17 {@code src/backend/parser/scan.l} and
 * {@code src/fe_utils/psqlscan.l}, with {@code standard_conforming_strings} on. For one text.
 */
final class SqlScanner {
  private static final Pattern DOLLAR_TAG =
      Pattern.compile("\\$(?:[A-Za-z_\\x80-\\x{10ffff}][A-Za-z_0-9\\x80-\\x{10ffff}]*)?\\$");
  private static final Pattern WORD =
      Pattern.compile("[A-Za-z_\\x80-\\x{10ffff}][A-Za-z_0-9$\\x80-\\x{10ffff}]*");

  /** A piece of SQL, delimiters included. */
  record Token(Kind kind, String text) {
    enum Kind {
      /** Everything that is nothing else. */
      CODE,
      COMMENT,
      /** In double quotes. */
      IDENTIFIER,
      /** In single quotes. */
      LITERAL,
      /** {@code E'…'}, with the continuations it may have. */
      ESCAPED_LITERAL,
      /** {@code U&'…'} or {@code U&"…"}. */
      UNICODE,
      /** In dollar quotes. */
      DOLLAR
    }

    /** Returns what is between the quotes, as it is written. */
    String content() {
      return switch (kind) {
        case IDENTIFIER, LITERAL -> text.substring(1, text.length() - 1);
        case ESCAPED_LITERAL -> text.substring(2, text.length() - 1);
        case UNICODE -> text.substring(3, text.length() - 1);
        case DOLLAR -> text.substring(tagLength(), text.length() - tagLength());
        case CODE, COMMENT -> text;
      };
    }

    /** Returns what is between the quotes, as PostgreSQL reads it; other escapes stay. */
    String meaning() {
      return switch (kind) {
        case LITERAL -> content().replace("''", "'");
        case ESCAPED_LITERAL ->
          content().replace("''", "'").replace("\\'", "'").replace("\\\\", "\\");
        default -> content();
      };
    }

    private int tagLength() {
      return text.indexOf('$', 1) + 1;
    }
  }

  private final String sql;
  private final List<List<Token>> statements = new ArrayList<>();
  private final StringBuilder code = new StringBuilder();
  private List<Token> tokens = new ArrayList<>();
  private int index;
  private int parentheses;

  /** How many ENDs end the body of a function; 0 outside of one. */
  private int open;

  private String lastWord = "";

  private SqlScanner(String sql) {
    this.sql = sql;
  }

  /**
   * Returns the statements of a text, without the semicolons between them.
   *
   * @throws IllegalArgumentException if a quote or comment is never closed; the message says where
   *     it begins
   */
  static List<List<Token>> statements(String sql) {
    return new SqlScanner(sql).scan();
  }

  /** As {@link #statements}, but takes the text for one statement. */
  static List<Token> tokens(String sql) {
    List<List<Token>> statements = statements(sql);
    List<Token> all = new ArrayList<>(statements.get(0));
    for (List<Token> statement : statements.subList(1, statements.size())) {
      all.add(new Token(Token.Kind.CODE, ";"));
      all.addAll(statement);
    }
    return all;
  }

  /** As {@link #tokens}, but returns nothing for a text that is no SQL. */
  static List<Token> readable(String sql) {
    try {
      return tokens(sql);
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private List<List<Token>> scan() {
    while (index < sql.length()) {
      next();
    }
    endStatement();
    return statements;
  }

  private void next() {
    char c = sql.charAt(index);
    if (sql.startsWith("--", index)) {
      take(Token.Kind.COMMENT, endOfLine(index));
    } else if (sql.startsWith("/*", index)) {
      take(Token.Kind.COMMENT, endOfComment());
    } else if (c == '\'') {
      take(Token.Kind.LITERAL, endOfQuote(index, '\'', /* escapes= */ false));
    } else if (c == '"') {
      take(Token.Kind.IDENTIFIER, endOfQuote(index, '"', /* escapes= */ false));
    } else if (c == '$') {
      dollar();
    } else if (isWordStart(c)) {
      word();
    } else if (c == ';' && parentheses == 0 && open == 0) {
      endStatement();
      index++;
    } else {
      parentheses = Math.max(0, parentheses + (c == '(' ? 1 : c == ')' ? -1 : 0));
      code.append(c);
      index++;
    }
  }

  private void take(Token.Kind kind, int end) {
    flush();
    tokens.add(new Token(kind, sql.substring(index, end)));
    index = end;
  }

  private void flush() {
    if (!code.isEmpty()) {
      tokens.add(new Token(Token.Kind.CODE, code.toString()));
      code.setLength(0);
    }
  }

  private void endStatement() {
    flush();
    statements.add(List.copyOf(tokens));
    tokens = new ArrayList<>();
    lastWord = "";
    parentheses = 0;
  }

  private void dollar() {
    Matcher tag = DOLLAR_TAG.matcher(sql).region(index, sql.length());
    if (!tag.lookingAt()) {
      code.append('$');
      index++;
      return;
    }
    int end = sql.indexOf(tag.group(), tag.end());
    if (end < 0) {
      throw unclosed("the quote " + tag.group(), index);
    }
    take(Token.Kind.DOLLAR, end + tag.group().length());
  }

  private void word() {
    Matcher matcher = WORD.matcher(sql).region(index, sql.length());
    matcher.lookingAt();
    String word = matcher.group().toLowerCase(Locale.ROOT);
    int end = matcher.end();
    if (word.equals("e") && sql.startsWith("'", end)) {
      take(Token.Kind.ESCAPED_LITERAL, endOfEscapedLiteral(end));
    } else if (word.equals("u") && (sql.startsWith("&'", end) || sql.startsWith("&\"", end))) {
      take(Token.Kind.UNICODE, endOfQuote(end + 1, sql.charAt(end + 1), /* escapes= */ false));
    } else {
      code.append(sql, index, end);
      index = end;
      count(word);
    }
  }

  /** Follows the body of a function that is written in SQL itself. */
  private void count(String word) {
    if (open == 0) {
      open = word.equals("atomic") && lastWord.equals("begin") ? 1 : 0;
    } else if (word.equals("case")) {
      open++;
    } else if (word.equals("end")) {
      open--;
    }
    lastWord = word;
  }

  private int endOfLine(int start) {
    int end = start;
    while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private int endOfComment() {
    int depth = 1;
    int end = index + 2;
    while (depth > 0) {
      if (sql.startsWith("/*", end)) {
        depth++;
        end += 2;
      } else if (sql.startsWith("*/", end)) {
        depth--;
        end += 2;
      } else if (end >= sql.length()) {
        throw unclosed("the comment", index);
      } else {
        end++;
      }
    }
    return end;
  }

  /** Such a text may go on in a later line, after blanks and comments, without a new E. */
  private int endOfEscapedLiteral(int quote) {
    int end = endOfQuote(quote, '\'', /* escapes= */ true);
    int next = inLaterLine(end);
    while (next > end && sql.startsWith("'", next)) {
      end = endOfQuote(next, '\'', /* escapes= */ true);
      next = inLaterLine(end);
    }
    return end;
  }

  /** Skips blanks and comments; returns where it began if no line ends among them. */
  private int inLaterLine(int start) {
    boolean later = false;
    int end = start;
    while (end < sql.length()) {
      if (sql.startsWith("--", end)) {
        end = endOfLine(end);
      } else if (Character.isWhitespace(sql.charAt(end))) {
        later |= sql.charAt(end) == '\n' || sql.charAt(end) == '\r';
        end++;
      } else {
        break;
      }
    }
    return later ? end : start;
  }

  /** Finds the place behind a quote; one that is doubled does not end it. */
  private int endOfQuote(int start, char quote, boolean escapes) {
    int end = start + 1;
    while (end < sql.length()) {
      char c = sql.charAt(end);
      if (c == quote && (end + 1 == sql.length() || sql.charAt(end + 1) != quote)) {
        return end + 1;
      }
      end += c == quote || (escapes && c == '\\') ? 2 : 1;
    }
    throw unclosed("the quote " + quote, start);
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  private static IllegalArgumentException unclosed(String what, int at) {
    return new IllegalArgumentException(what + " at character " + (at + 1) + " is never closed");
  }
}
