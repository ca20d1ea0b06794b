package dev.strongroom.internal.template;

import dev.strongroom.internal.template.Template.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes a template apart. For one text. */
final class TemplateParser {
  private static final int NOTHING = -1;
  private static final int MAX_DIGITS = 4;

  private final String text;
  private final Set<String> fields;
  private int index;

  TemplateParser(String text, Set<String> fields) {
    this.text = text;
    this.fields = fields;
  }

  List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    while (index < text.length()) {
      int open = text.indexOf("{{", index);
      int end = open < 0 ? text.length() : open;
      if (end > index) {
        parts.add(literal(text.substring(index, end)));
      }
      index = end;
      if (open >= 0) {
        parts.add(action());
      }
    }
    return List.copyOf(parts);
  }

  private static Part literal(String value) {
    return values -> value;
  }

  private Part action() {
    int open = index;
    index += 2;
    Part value = command(null);
    while (peek() == '|') {
      index++;
      value = command(value);
    }
    if (peek() == NOTHING) {
      throw problem(open, "\"{{\" is never closed");
    }
    if (!text.startsWith("}}", index)) {
      throw problem(index, "expected \"|\" or \"}}\"");
    }
    index += 2;
    return value;
  }

  /** Reads a value, or a function with its arguments. */
  private Part command(@Nullable Part piped) {
    skipBlanks();
    int at = index;
    if (!isLetter(peek())) {
      if (piped != null) {
        throw problem(at, "expected a function");
      }
      Part value = operand();
      skipBlanks();
      return value;
    }
    String word = word();
    TemplateFunction function = TemplateFunction.named(word)
        .orElseThrow(() -> problem(at, "there is no function \"" + word + "\": use " + known()));
    skipBlanks();
    int number = function.takesNumber() ? number(function) : 0;
    List<Part> texts = new ArrayList<>();
    while (peek() != '|' && peek() != '}' && peek() != NOTHING) {
      texts.add(operand());
      skipBlanks();
    }
    if (piped != null) {
      texts.add(piped);
    }
    if (texts.size() != function.texts()) {
      throw problem(
          at,
          word + " takes " + function.texts() + " text(s), the one before \"|\" included, but got "
              + texts.size());
    }
    return values -> call(function, number, texts, values);
  }

  private static String call(
      TemplateFunction function, int number, List<Part> texts, Map<String, String> values) {
    String value =
        function.apply(number, texts.stream().map(part -> part.fill(values)).toList());
    Template.requireLength(value);
    return value;
  }

  private static String known() {
    return Arrays.stream(TemplateFunction.values())
        .map(TemplateFunction::word)
        .collect(Collectors.joining(", "));
  }

  private int number(TemplateFunction function) {
    int at = index;
    while (peek() >= '0' && peek() <= '9') {
      index++;
    }
    String digits = text.substring(at, index);
    int number = digits.isEmpty() || digits.length() > MAX_DIGITS ? 0 : Integer.parseInt(digits);
    if (number < function.leastNumber() || number > Template.MAX_LENGTH) {
      throw problem(
          at,
          function.word() + " takes a whole number from " + function.leastNumber() + " to "
              + Template.MAX_LENGTH + " first");
    }
    skipBlanks();
    return number;
  }

  private Part operand() {
    return switch (peek()) {
      case '.' -> field();
      case '"' -> literal(quoted());
      case '`' -> literal(raw());
      default -> throw problem(index, "expected a field, a text or a function");
    };
  }

  private Part field() {
    int at = index;
    index++;
    String name = word();
    if (!fields.contains(name)) {
      throw problem(
          at,
          "there is no field \"." + name + "\": use "
              + new TreeSet<>(fields)
                  .stream().map(known -> "." + known).collect(Collectors.joining(", ")));
    }
    return values -> {
      String value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException("no value for ." + name);
      }
      return value;
    };
  }

  private String quoted() {
    int at = index;
    StringBuilder value = new StringBuilder();
    index++;
    while (peek() != '"') {
      if (peek() == NOTHING || peek() == '\n') {
        throw problem(at, "a text is never closed");
      }
      if (peek() == '\\') {
        index++;
        if (peek() != '"' && peek() != '\\') {
          throw problem(index, "only a quote and a backslash may follow a backslash");
        }
      }
      value.append(text.charAt(index));
      index++;
    }
    index++;
    return value.toString();
  }

  private String raw() {
    int end = text.indexOf('`', index + 1);
    if (end < 0) {
      throw problem(index, "a text is never closed");
    }
    String value = text.substring(index + 1, end);
    index = end + 1;
    return value;
  }

  private String word() {
    int start = index;
    while (isLetter(peek()) || (peek() >= '0' && peek() <= '9')) {
      index++;
    }
    return text.substring(start, index);
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n') {
      index++;
    }
  }

  private int peek() {
    return index < text.length() ? text.charAt(index) : NOTHING;
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static IllegalArgumentException problem(int index, String problem) {
    return new IllegalArgumentException("character " + (index + 1) + ": " + problem);
  }
}
