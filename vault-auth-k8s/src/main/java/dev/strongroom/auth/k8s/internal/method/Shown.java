package dev.strongroom.auth.k8s.internal.method;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What operators are shown of texts that strangers chose: one line of ASCII, of bounded length, in
 * quotes.
 */
final class Shown {
  private static final int MAX_LENGTH = 120;
  private static final int MAX_ENTRIES = 10;

  private Shown() {}

  static String of(String text) {
    if (text.isEmpty()) {
      return "nothing";
    }
    StringBuilder shown = new StringBuilder("\"");
    text.chars()
        .limit(MAX_LENGTH)
        .forEach(c -> shown.append(c < ' ' || c > '~' || c == '"' ? '?' : (char) c));
    return shown.append(text.length() > MAX_LENGTH ? "\"…" : "\"").toString();
  }

  static String of(Collection<String> texts) {
    if (texts.isEmpty()) {
      return "nothing";
    }
    List<String> first = texts.stream().limit(MAX_ENTRIES).map(Shown::of).toList();
    return first.stream().collect(Collectors.joining(", "))
        + (texts.size() > MAX_ENTRIES ? ", …" : "");
  }
}
