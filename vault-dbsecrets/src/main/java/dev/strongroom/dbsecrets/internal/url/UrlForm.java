package dev.strongroom.dbsecrets.internal.url;

import dev.strongroom.dbsecrets.internal.url.Settings.Span;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code postgresql://user:password@host:port,host:port/database?parameter=value}. */
final class UrlForm {
  private final String text;
  private final Settings settings;

  UrlForm(String text, Settings settings) {
    this.text = text;
    this.settings = settings;
    settings.isUrl(true);
  }

  void read() {
    if (text.indexOf('#') >= 0) {
      throw new IllegalArgumentException("# is written %23");
    }
    int start = text.indexOf("://") + 3;
    int query = endAt('?', start, text.length());
    int path = endAt('/', start, query);
    int at = text.substring(start, path).lastIndexOf('@') + start;
    if (at >= start) {
      user(start, at);
    }
    hosts(Component.withoutPlaceholder(text.substring(Math.max(start, at + 1), path)));
    if (path + 1 < query) {
      settings.database(
          Percent.decoded(Component.withoutPlaceholder(text.substring(path + 1, query))));
    }
    parameters(query + 1);
  }

  private int endAt(char c, int from, int otherwise) {
    int found = text.indexOf(c, from);
    return found < 0 || found > otherwise ? otherwise : found;
  }

  private void user(int start, int end) {
    int colon = endAt(':', start, end);
    settings.user(Component.of(text.substring(start, colon), Percent::decoded));
    if (colon < end) {
      settings.password(
          Component.of(text.substring(colon + 1, end), Percent::decoded), new Span(colon + 1, end));
    }
  }

  private void hosts(String list) {
    if (list.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String address : list.split(",", -1)) {
      int bracket = address.startsWith("[") ? address.indexOf(']') : 0;
      int colon = bracket < 0 ? -1 : address.indexOf(':', bracket);
      String name = colon < 0 ? address : address.substring(0, colon);
      names.add(
          name.startsWith("[") && name.endsWith("]")
              ? name.substring(1, name.length() - 1)
              : Percent.decoded(name));
      ports.add(colon < 0 ? "5432" : address.substring(colon + 1));
    }
    settings.hosts(names);
    settings.ports(ports);
  }

  private void parameters(int from) {
    int start = from;
    while (start < text.length()) {
      int end = endAt('&', start, text.length());
      int equals = endAt('=', start, end);
      if (equals < end) {
        parameter(Percent.decoded(text.substring(start, equals)), new Span(equals + 1, end));
      } else if (start < end) {
        throw new IllegalArgumentException("a parameter has no value");
      }
      start = end + 1;
    }
  }

  private void parameter(String word, Span span) {
    String value = text.substring(span.start(), span.end());
    switch (word) {
      case "user" -> settings.user(Component.of(value, UrlForm::decoded));
      case "password" -> settings.password(Component.of(value, UrlForm::decoded), span);
      default -> settings.parameter(word, decoded(Component.withoutPlaceholder(value)));
    }
  }

  /** In parameters a plus is a blank. */
  private static String decoded(String value) {
    return Percent.decoded(value.replace('+', ' '));
  }
}
