package dev.strongroom.dbsecrets.internal.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a template apart. For one text. */
final class TemplateParser {
  private static final int NOTHING = -1;
  private static final int MAX_DEPTH = 20;

  private static final Map<Character, String> ESCAPES = Map.of(
      'n', "\n", 't', "\t", 'r', "\r", '\\', "\\", '"', "\"", 'a', "\u0007", 'b', "\b", 'f', "\f",
      'v', "\u000b");

  /** A part of a template. */
  interface Node {
    void write(TemplateRun run);
  }

  /** What has a value: a text, a whole number, or a truth. */
  interface Expression {
    Object value(TemplateRun run);
  }

  /** How a block of parts ended. */
  private enum End {
    TEXT,
    ELSE,
    END
  }

  private final String text;
  private int index;
  private int depth;
  private End lastEnd = End.TEXT;

  TemplateParser(String text) {
    this.text = text;
  }

  List<Node> nodes() {
    List<Node> nodes = block();
    if (lastEnd != End.TEXT) {
      throw problem("nothing is open that could end here");
    }
    return nodes;
  }

  /** Reads up to the end of the text, or to the action that ends a block. */
  private List<Node> block() {
    List<Node> nodes = new ArrayList<>();
    lastEnd = End.TEXT;
    while (index < text.length()) {
      int open = text.indexOf("{{", index);
      if (open < 0) {
        add(text.substring(index), nodes);
        index = text.length();
        return List.copyOf(nodes);
      }
      String literal = text.substring(index, open);
      index = open + 2;
      boolean trims = peek() == '-' && isBlank(at(index + 1));
      add(trims ? literal.stripTrailing() : literal, nodes);
      index += trims ? 1 : 0;
      if (text.startsWith("/*", index + blanks())) {
        comment();
      } else if (action(nodes) != End.TEXT) {
        return List.copyOf(nodes);
      }
    }
    return List.copyOf(nodes);
  }

  private static void add(String literal, List<Node> nodes) {
    if (!literal.isEmpty()) {
      nodes.add(run -> run.write(literal));
    }
  }

  private int blanks() {
    int count = 0;
    while (isBlank(at(index + count))) {
      count++;
    }
    return count;
  }

  private void comment() {
    int end = text.indexOf("*/", index);
    if (end < 0) {
      throw problem("a comment is never closed");
    }
    index = end + 2;
    close();
  }

  /** Reads one action behind its braces, and says whether it ends the block. */
  private End action(List<Node> nodes) {
    skipBlanks();
    Optional<String> keyword = keyword();
    if (keyword.isEmpty()) {
      Expression value = pipeline();
      close();
      nodes.add(run -> run.write(String.valueOf(value.value(run))));
      return End.TEXT;
    }
    switch (keyword.get()) {
      case "if" -> nodes.add(condition());
      case "else" -> lastEnd = End.ELSE;
      case "end" -> {
        close();
        lastEnd = End.END;
      }
      default -> throw problem("\"" + keyword.get() + "\" is not part of username templates");
    }
    return keyword.get().equals("if") ? End.TEXT : lastEnd;
  }

  private Optional<String> keyword() {
    int start = index;
    String word = word();
    return switch (word) {
      case "if",
          "else",
          "end",
          "range",
          "with",
          "define",
          "template",
          "block",
          "break",
          "continue" -> Optional.of(word);
      default -> {
        index = start;
        yield Optional.empty();
      }
    };
  }

  /** Reads what follows "if": the condition and both branches. */
  private Node condition() {
    enter();
    skipBlanks();
    Expression test = pipeline();
    close();
    List<Node> then = block();
    List<Node> otherwise = lastEnd == End.ELSE ? otherwise() : List.of();
    if (lastEnd != End.END) {
      throw problem("an \"if\" has no \"end\"");
    }
    lastEnd = End.TEXT;
    depth--;
    return run ->
        (TemplateFunction.isTrue(test.value(run)) ? then : otherwise).forEach(n -> n.write(run));
  }

  /** Reads what follows "else": another condition, which the same "end" ends, or a block. */
  private List<Node> otherwise() {
    skipBlanks();
    Optional<String> keyword = keyword();
    if (keyword.isPresent() && keyword.get().equals("if")) {
      Node next = condition();
      lastEnd = End.END;
      return List.of(next);
    }
    close();
    return block();
  }

  private void close() {
    skipBlanks();
    boolean trims = text.startsWith("-}}", index) && isBlank(at(index - 1));
    index += trims ? 1 : 0;
    if (!text.startsWith("}}", index)) {
      throw problem("expected \"|\" or \"}}\"");
    }
    index += 2;
    index += trims ? blanks() : 0;
  }

  private Expression pipeline() {
    Expression value = command(null);
    skipBlanks();
    while (peek() == '|') {
      index++;
      skipBlanks();
      value = command(value);
      skipBlanks();
    }
    return value;
  }

  /** Reads a value, or a function with its arguments; what is piped in comes last. */
  private Expression command(@Nullable Expression piped) {
    int start = index;
    String word = word();
    if (word.isEmpty() || isConstant(word)) {
      index = start;
      if (piped != null) {
        throw problem("expected a function");
      }
      return operand();
    }
    TemplateFunction function = function(word, start);
    List<Expression> arguments = new ArrayList<>();
    skipBlanks();
    while (!isEndOfCommand()) {
      arguments.add(operand());
      skipBlanks();
    }
    if (piped != null) {
      arguments.add(piped);
    }
    return run -> function.call(run, List.copyOf(arguments));
  }

  private boolean isEndOfCommand() {
    return peek() == NOTHING
        || peek() == '|'
        || peek() == ')'
        || peek() == '}'
        || text.startsWith("-}}", index);
  }

  private TemplateFunction function(String word, int start) {
    return TemplateFunction.named(word).orElseThrow(() -> {
      index = start;
      return problem("function \"" + word + "\" not defined");
    });
  }

  private static boolean isConstant(String word) {
    return word.equals("true") || word.equals("false");
  }

  private Expression operand() {
    int c = peek();
    if (c == '(') {
      return parenthesis();
    } else if (c == '.') {
      return field();
    } else if (c == '"') {
      return constant(quoted());
    } else if (c == '`') {
      return constant(raw());
    } else if (isDigit(c) || ((c == '-' || c == '+') && isDigit(at(index + 1)))) {
      return constant(number());
    }
    int start = index;
    String word = word();
    if (isConstant(word)) {
      return constant(Boolean.valueOf(word));
    }
    if (word.isEmpty()) {
      throw problem("expected a field, a text, a number or a function");
    }
    TemplateFunction function = function(word, start);
    return run -> function.call(run, List.of());
  }

  private static Expression constant(Object value) {
    return run -> value;
  }

  private Expression parenthesis() {
    enter();
    index++;
    skipBlanks();
    Expression value = pipeline();
    if (peek() != ')') {
      throw problem("expected \")\"");
    }
    index++;
    depth--;
    return value;
  }

  private void enter() {
    depth++;
    if (depth > MAX_DEPTH) {
      throw problem("nothing is nested more than " + MAX_DEPTH + " times");
    }
  }

  private Expression field() {
    int start = index + 1;
    do {
      index++;
      if (word().isEmpty()) {
        throw problem("expected the name of a field");
      }
    } while (peek() == '.');
    String name = text.substring(start, index);
    return run -> run.field(name);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    int start = index;
    index++;
    while (peek() != '"') {
      if (peek() == NOTHING || peek() == '\n') {
        index = start;
        throw problem("a text is never closed");
      }
      value.append(peek() == '\\' ? escape() : String.valueOf((char) peek()));
      index++;
    }
    index++;
    return value.toString();
  }

  private String escape() {
    index++;
    String value = ESCAPES.get((char) peek());
    if (value == null) {
      throw problem("this escape is not part of username templates");
    }
    return value;
  }

  private String raw() {
    int end = text.indexOf('`', index + 1);
    if (end < 0) {
      throw problem("a text is never closed");
    }
    String value = text.substring(index + 1, end);
    index = end + 1;
    return value;
  }

  private Long number() {
    int start = index;
    index++;
    while (isDigit(peek())) {
      index++;
    }
    String digits = text.substring(start, index);
    if (digits.length() > 10 || isLetter(peek()) || peek() == '.') {
      index = start;
      throw problem("numbers are whole, decimal, and have up to 10 digits");
    }
    return Long.valueOf(digits);
  }

  private String word() {
    int start = index;
    while (isLetter(peek()) || (index > start && isDigit(peek()))) {
      index++;
    }
    return text.substring(start, index);
  }

  private void skipBlanks() {
    index += blanks();
  }

  private int peek() {
    return at(index);
  }

  private int at(int position) {
    return position < text.length() ? text.charAt(position) : NOTHING;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private IllegalArgumentException problem(String problem) {
    return new IllegalArgumentException("character " + (index + 1) + ": " + problem);
  }
}
