package dev.strongroom.dbsecrets.internal.sql;

import dev.strongroom.dbsecrets.internal.sql.SqlScanner.Token;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One text that is sent, with places that are filled. Immutable. */
final class StatementText {
  /** Quotes in quotes in quotes; deeper down, a value is written as if there were none. */
  private static final int MAX_DEPTH = 4;

  /** Stands for a placeholder while what is around it is looked at: a letter that nobody uses. */
  private static final char MARK = '\uf8ff';

  private final List<Part> parts;
  private final boolean onlyComments;
  private final boolean namesUser;

  /** A part of the text as it is, or of a value. */
  private interface Part {
    String write(StatementValues values);
  }

  private StatementText(List<Part> parts, boolean onlyComments, boolean namesUser) {
    this.parts = parts;
    this.onlyComments = onlyComments;
    this.namesUser = namesUser;
  }

  /** Finds the placeholders, and where each of them stands. */
  static StatementText of(List<Token> tokens, Set<Variable> variables) {
    List<Part> parts = new ArrayList<>();
    boolean onlyComments = true;
    List<Token> kept = trimmed(tokens);
    for (int i = 0; i < kept.size(); i++) {
      Token token = kept.get(i);
      onlyComments &= token.kind() == Token.Kind.COMMENT || isOnlySeparators(token);
      boolean quoteFollows = i + 1 < kept.size() && kept.get(i + 1).kind() != Token.Kind.COMMENT;
      add(token, quoteFollows, variables, parts);
    }
    return new StatementText(
        List.copyOf(parts), onlyComments, kept.stream().anyMatch(StatementText::names));
  }

  private static boolean names(Token token) {
    return switch (token.kind()) {
      case COMMENT, LITERAL, ESCAPED_LITERAL -> false;
      case CODE, IDENTIFIER, UNICODE, DOLLAR ->
        token.text().contains(Variable.NAME.placeholder())
            || token.text().contains(Variable.USERNAME.placeholder());
    };
  }

  private static boolean isOnlySeparators(Token token) {
    return token.kind() == Token.Kind.CODE
        && token.text().chars().allMatch(c -> c == ';' || Character.isWhitespace(c));
  }

  /** Takes the blanks away that are at the ends of the statement. */
  private static List<Token> trimmed(List<Token> tokens) {
    List<Token> trimmed = new ArrayList<>(tokens);
    while (!trimmed.isEmpty() && isCode(trimmed, 0)) {
      String text = trimmed.get(0).text().stripLeading();
      if (!text.isEmpty()) {
        trimmed.set(0, new Token(Token.Kind.CODE, text));
        break;
      }
      trimmed.remove(0);
    }
    while (!trimmed.isEmpty() && isCode(trimmed, trimmed.size() - 1)) {
      String text = trimmed.get(trimmed.size() - 1).text().stripTrailing();
      if (!text.isEmpty()) {
        trimmed.set(trimmed.size() - 1, new Token(Token.Kind.CODE, text));
        break;
      }
      trimmed.remove(trimmed.size() - 1);
    }
    return trimmed;
  }

  private static boolean isCode(List<Token> tokens, int index) {
    return tokens.get(index).kind() == Token.Kind.CODE;
  }

  private static void add(
      Token token, boolean quoteFollows, Set<Variable> variables, List<Part> parts) {
    String text = token.text();
    int from = 0;
    Optional<Place> next = nextPlace(text, from, variables);
    while (next.isPresent()) {
      Place place = next.get();
      addText(text.substring(from, place.at()), parts);
      if (token.kind() == Token.Kind.CODE) {
        requireEndOfWord(text, place, quoteFollows);
      }
      Placement placement = placement(token, place);
      parts.add(values -> filled(place.variable(), placement, values));
      from = place.end();
      next = nextPlace(text, from, variables);
    }
    addText(text.substring(from), parts);
  }

  private static void addText(String text, List<Part> parts) {
    if (!text.isEmpty()) {
      parts.add(values -> text);
    }
  }

  private static String filled(Variable variable, Placement placement, StatementValues values) {
    String value = values.of(variable);
    if (variable == Variable.EXPIRATION) {
      return value; // our own text: digits and "-: +" mean nothing in any quotes
    }
    return placement
        .written(value)
        .orElseThrow(() -> new IllegalArgumentException(
            variable.placeholder() + " stands " + placement.description()));
  }

  /** A placeholder in a text. */
  private record Place(Variable variable, int at) {
    int end() {
      return at + variable.placeholder().length();
    }
  }

  private static Optional<Place> nextPlace(String text, int from, Set<Variable> variables) {
    return variables.stream()
        .map(variable -> new Place(variable, text.indexOf(variable.placeholder(), from)))
        .filter(place -> place.at() >= 0)
        .min(Comparator.comparingInt(Place::at));
  }

  private static Placement placement(Token token, Place place) {
    if (token.kind() == Token.Kind.CODE || token.kind() == Token.Kind.DOLLAR) {
      requireOutsideOfTag(token, place);
    }
    return switch (token.kind()) {
      case CODE, COMMENT -> Placement.BARE;
      case IDENTIFIER -> Placement.IDENTIFIER;
      case UNICODE -> Placement.UNICODE;
      case LITERAL -> holdsQuotes(token) ? inside(marked(token, place), 1) : Placement.LITERAL;
      case ESCAPED_LITERAL ->
        holdsQuotes(token) ? inside(marked(token, place), 1) : Placement.ESCAPED_LITERAL;
      case DOLLAR -> inside(marked(token, place), 1);
    };
  }

  /** A value makes no other word, and no prefix of a quote, of what follows it. */
  private static void requireEndOfWord(String text, Place place, boolean quoteFollows) {
    boolean ends = place.end() == text.length()
        ? !quoteFollows
        : !Character.isUnicodeIdentifierPart(text.charAt(place.end()))
            && "$&".indexOf(text.charAt(place.end())) < 0;
    if (!ends) {
      throw new IllegalArgumentException(place.variable().placeholder()
          + " stands outside quotes right before a letter, digit, quote, \"$\" or \"&\"");
    }
  }

  private static void requireOutsideOfTag(Token token, Place place) {
    int start = token.text().indexOf(token.content());
    int before = place.at();
    while (before > start && Character.isUnicodeIdentifierPart(token.text().charAt(before - 1))) {
      before--;
    }
    if (before > start && token.text().charAt(before - 1) == '$') {
      throw new IllegalArgumentException(
          place.variable().placeholder() + " cannot be the tag of a dollar quote");
    }
  }

  /** A text that has quotes itself is taken for SQL that something will run. */
  private static boolean holdsQuotes(Token token) {
    return token.content().chars().anyMatch(c -> c == '\'' || c == '"' || c == '\\');
  }

  private static Token marked(Token token, Place place) {
    String text = token.text().replace(MARK, ' ');
    return new Token(
        token.kind(), text.substring(0, place.at()) + MARK + text.substring(place.end()));
  }

  /** Finds out what is around the mark in quotes that may hold SQL themselves. */
  private static Placement inside(Token quote, int depth) {
    if (quote.content().equals(String.valueOf(MARK))) {
      return Placement.INNER;
    }
    Optional<Token> around = SqlScanner.readable(quote.meaning()).stream()
        .filter(token -> token.text().indexOf(MARK) >= 0)
        .findFirst();
    if (around.isEmpty() || depth > MAX_DEPTH) {
      return Placement.BARE;
    }
    Token token = around.get();
    return switch (token.kind()) {
      case CODE, COMMENT -> Placement.BARE;
      case IDENTIFIER -> Placement.INNER;
      case UNICODE -> Placement.UNICODE;
      case LITERAL, ESCAPED_LITERAL, DOLLAR -> inside(token, depth + 1);
    };
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  boolean isOnlyComments() {
    return onlyComments;
  }

  /** Returns whether the user's name stands in it, other than as a text or in a comment. */
  boolean namesUser() {
    return namesUser;
  }

  String fill(StatementValues values) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      text.append(part.write(values));
    }
    return text.toString();
  }
}
