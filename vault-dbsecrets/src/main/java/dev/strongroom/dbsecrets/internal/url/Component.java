package dev.strongroom.dbsecrets.internal.url;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A user or password that may have a placeholder in it. Immutable; never printed. */
final class Component {
  private static final String USERNAME = "{{username}}";
  private static final String PASSWORD = "{{password}}";

  private final List<Part> parts;
  private final boolean literal;

  private interface Part {
    String value(String username, String password);
  }

  private Component(List<Part> parts, boolean literal) {
    this.parts = parts;
    this.literal = literal;
  }

  /** Finds the placeholders, and decodes what is between them. */
  static Component of(String text, UnaryOperator<String> decoding) {
    List<Part> parts = new ArrayList<>();
    boolean literal = true;
    int from = 0;
    for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", from)) {
      String before = decoding.apply(text.substring(from, open));
      parts.add((username, password) -> before);
      if (text.startsWith(USERNAME, open)) {
        parts.add((username, password) -> username);
        from = open + USERNAME.length();
      } else if (text.startsWith(PASSWORD, open)) {
        parts.add((username, password) -> password);
        from = open + PASSWORD.length();
      } else {
        throw new IllegalArgumentException("only {{username}} and {{password}} are replaced");
      }
      literal = false;
    }
    String rest = decoding.apply(text.substring(from));
    parts.add((username, password) -> rest);
    return new Component(List.copyOf(parts), literal);
  }

  /** Refuses placeholders where no value is put in. */
  static String withoutPlaceholder(String text) {
    if (text.contains("{{")) {
      throw new IllegalArgumentException(
          "{{username}} and {{password}} can only stand for the user and the password");
    }
    return text;
  }

  boolean isLiteral() {
    return literal;
  }

  String value(String username, String password) {
    StringBuilder value = new StringBuilder();
    parts.forEach(part -> value.append(part.value(username, password)));
    return value.toString();
  }
}
