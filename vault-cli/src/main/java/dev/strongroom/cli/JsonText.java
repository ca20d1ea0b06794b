package dev.strongroom.cli;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** JSON for programs that people look at, too. */
final class JsonText {
  private static final String INDENT = "  ";

  private JsonText() {}

  /** Returns an object with a member a line. */
  static String of(Map<String, ?> members) {
    return indented(new String(Payload.of(members).toJson(), StandardCharsets.UTF_8));
  }

  private static String indented(String json) {
    StringBuilder out = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        out.append(c);
        if (c == '\\') {
          i++;
          out.append(json.charAt(i));
        }
        quoted = c != '"';
        continue;
      }
      boolean closes = c == '}' || c == ']';
      boolean opens = c == '{' || c == '[';
      char before = i == 0 ? ' ' : json.charAt(i - 1);
      depth -= closes ? 1 : 0;
      if (closes && before != '{' && before != '[') {
        line(out, depth);
      }
      out.append(c).append(c == ':' ? " " : "");
      depth += opens ? 1 : 0;
      char next = i + 1 == json.length() ? ' ' : json.charAt(i + 1);
      if (c == ',' || (opens && next != '}' && next != ']')) {
        line(out, depth);
      }
      quoted = c == '"';
    }
    return out.toString();
  }

  private static void line(StringBuilder out, int depth) {
    out.append('\n').append(INDENT.repeat(depth));
  }
}
