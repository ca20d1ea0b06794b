package dev.strongroom.auth.k8s.internal.method;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The YAML that label selectors are written in: a mapping of mappings, by indentation or in braces,
 * of plain and quoted texts. Everything else of YAML is refused.
 */
final class SelectorYaml {
  private static final Pattern ENTRY =
      Pattern.compile("( *)(\"[^\"\\\\]*\"|'[^']*'|[A-Za-z0-9./_-]+) *:(?: +(.*))?");
  private static final Pattern PAIR = Pattern.compile(
      "\\s*(\"[^\"\\\\]*\"|'[^']*'|[A-Za-z0-9./_-]+)\\s*:\\s+(\"[^\"\\\\]*\"|'[^']*'|[A-Za-z0-9._-]+)\\s*(,|$)");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s+)#.*$");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

  /** Words that YAML 1.1 does not take for texts. */
  private static final List<String> NO_TEXTS =
      List.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private SelectorYaml() {}

  /**
   * Reads the members of a selector: texts, or maps of texts; null where nothing follows a name.
   *
   * @throws IllegalArgumentException with a text that names the line
   */
  static Map<String, @Nullable Object> parse(String text) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    Map<String, String> open = null;
    int indentation = 0;
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = COMMENT.matcher(lines.get(i)).replaceFirst("").stripTrailing();
      if (line.isEmpty() || (line.equals("---") && members.isEmpty())) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches()) {
        throw unreadable(i);
      }
      String name = scalar(entry.group(2), i);
      String value = entry.group(3) == null ? "" : entry.group(3).strip();
      int depth = entry.group(1).length();
      if (depth == 0) {
        open = value.isEmpty() ? new LinkedHashMap<>() : null;
        indentation = 0;
        put(members, name, open != null ? open : inBraces(value, i), i);
      } else {
        boolean sameBlock = indentation == 0 || indentation == depth;
        if (open == null || !sameBlock || value.isEmpty()) {
          throw unreadable(i);
        }
        indentation = depth;
        put(open, name, value(value, i), i);
      }
    }
    return members;
  }

  private static Map<String, String> inBraces(String value, int line) {
    if (!value.startsWith("{") || !value.endsWith("}")) {
      throw unreadable(line);
    }
    Map<String, String> members = new LinkedHashMap<>();
    String inside = value.substring(1, value.length() - 1).strip();
    Matcher pair = PAIR.matcher(inside);
    int position = 0;
    while (position < inside.length()) {
      if (!pair.find(position) || pair.start() != position) {
        throw unreadable(line);
      }
      put(members, scalar(pair.group(1), line), value(pair.group(2), line), line);
      position = pair.end();
    }
    return members;
  }

  private static <V extends @Nullable Object> void put(
      Map<String, V> members, String name, V value, int line) {
    if (members.containsKey(name)) {
      throw new IllegalArgumentException(
          "line " + (line + 1) + " has a name that was there before");
    }
    members.put(name, value);
  }

  private static String value(String text, int line) {
    String value = scalar(text, line);
    boolean quoted = value.length() != text.length();
    if (!quoted && (!PLAIN.matcher(text).matches() || isNoText(text))) {
      throw new IllegalArgumentException(
          "line " + (line + 1) + " has a value that needs quotes to be a text");
    }
    return value;
  }

  private static boolean isNoText(String plain) {
    return NO_TEXTS.stream().anyMatch(plain::equalsIgnoreCase);
  }

  private static String scalar(String text, int line) {
    if (text.startsWith("\"") || text.startsWith("'")) {
      String quote = text.substring(0, 1);
      if (text.length() < 2 || !text.endsWith(quote)) {
        throw unreadable(line);
      }
      String inside = text.substring(1, text.length() - 1);
      if (inside.contains(quote) || inside.indexOf('\\') >= 0) {
        throw unreadable(line);
      }
      return inside;
    }
    return text;
  }

  private static IllegalArgumentException unreadable(int line) {
    return new IllegalArgumentException(
        "line " + (line + 1) + " is neither a name with texts below it nor a text with its name");
  }
}
