package dev.strongroom.dbsecrets.internal.url;

import dev.strongroom.dbsecrets.internal.url.Settings.Span;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads {@code host=a port=5432 user='it\'s me' dbname=b}. */
final class KeywordForm {
  private final String text;
  private final Settings settings;
  private int index;

  KeywordForm(String text, Settings settings) {
    this.text = text;
    this.settings = settings;
  }

  void read() {
    skipBlanks();
    while (index < text.length()) {
      String word = word();
      Span span = value();
      set(word, span);
      skipBlanks();
    }
  }

  private String word() {
    int start = index;
    while (index < text.length() && text.charAt(index) != '=' && !isBlank()) {
      index++;
    }
    String word = text.substring(start, index);
    skipBlanks();
    if (word.isEmpty() || index == text.length() || text.charAt(index) != '=') {
      throw new IllegalArgumentException("it is no URL, and not of the form keyword=value");
    }
    index++;
    skipBlanks();
    return word;
  }

  /** Finds where a value stands, its quotes included. */
  private Span value() {
    int start = index;
    boolean quoted = index < text.length() && text.charAt(index) == '\'';
    index += quoted ? 1 : 0;
    while (index < text.length() && (quoted ? text.charAt(index) != '\'' : !isBlank())) {
      index += text.charAt(index) == '\\' ? 2 : 1;
    }
    if (index > text.length() || (quoted && index == text.length())) {
      throw new IllegalArgumentException("a value is never closed");
    }
    index += quoted ? 1 : 0;
    return new Span(start, index);
  }

  private void set(String word, Span span) {
    String written = text.substring(span.start(), span.end());
    String value = written.startsWith("'") ? written.substring(1, written.length() - 1) : written;
    UnaryOperator<String> decoding = KeywordForm::unescaped;
    switch (word) {
      case "user" -> settings.user(Component.of(value, decoding));
      case "password" -> settings.password(Component.of(value, decoding), span);
      case "host" -> settings.hosts(list(value));
      case "port" -> settings.ports(list(value));
      case "dbname", "database" ->
        settings.database(unescaped(Component.withoutPlaceholder(value)));
      default -> settings.parameter(word, unescaped(value));
    }
  }

  private static List<String> list(String value) {
    return List.of(unescaped(Component.withoutPlaceholder(value)).split(",", -1));
  }

  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == '\\' && i + 1 < value.length()) {
        i++;
      }
      text.append(value.charAt(i));
    }
    return text.toString();
  }

  private boolean isBlank() {
    return Character.isWhitespace(text.charAt(index));
  }

  private void skipBlanks() {
    while (index < text.length() && isBlank()) {
      index++;
    }
  }
}
