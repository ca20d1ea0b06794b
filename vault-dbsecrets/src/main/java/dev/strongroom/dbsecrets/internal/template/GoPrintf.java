package dev.strongroom.dbsecrets.internal.template;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Go's {@code fmt.Sprintf} that templates use: {@code %s} for texts, {@code %d} for
 * whole numbers, {@code %v} for both, {@code %q} for a text in quotes, {@code %%}; with a width,
 * and a precision for texts. Where Go writes its complaint into the text, this refuses.
 */
final class GoPrintf {
  private static final Pattern VERB =
      Pattern.compile("%([-0]?)(\\d{0,2})(?:\\.(\\d{1,2}))?(.?)", Pattern.DOTALL);

  private GoPrintf() {}

  static String format(String format, List<Object> values) {
    StringBuilder text = new StringBuilder();
    Matcher verb = VERB.matcher(format);
    int from = 0;
    int used = 0;
    while (verb.find(from)) {
      text.append(format, from, verb.start());
      if (verb.group().equals("%%")) {
        text.append('%');
      } else if (used < values.size()) {
        text.append(formatted(verb, values.get(used)));
        used++;
      } else {
        throw new IllegalArgumentException("no value for " + verb.group());
      }
      from = verb.end();
    }
    if (used < values.size()) {
      throw new IllegalArgumentException("more values than verbs");
    }
    return text.append(format, from, format.length()).toString();
  }

  private static String formatted(Matcher verb, Object value) {
    boolean fits =
        switch (verb.group(4)) {
          case "s", "q" -> value instanceof String;
          case "d" -> value instanceof Long;
          case "v" -> true;
          default -> throw new IllegalArgumentException("use %s, %d, %v, %q or %%");
        };
    if (!fits) {
      throw new IllegalArgumentException(verb.group() + " does not fit its value");
    }
    String text = value.toString();
    if (verb.group(3) != null && value instanceof String) {
      int most = Math.min(Integer.parseInt(verb.group(3)), text.codePointCount(0, text.length()));
      text = text.substring(0, text.offsetByCodePoints(0, most));
    }
    if (verb.group(4).equals("q")) {
      text = '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
    return padded(text, verb.group(1), verb.group(2), value);
  }

  private static String padded(String text, String flag, String width, Object value) {
    int missing = width.isEmpty()
        ? 0
        : Math.max(0, Integer.parseInt(width) - text.codePointCount(0, text.length()));
    if (flag.equals("-")) {
      return text + " ".repeat(missing);
    }
    if (flag.equals("0") && value instanceof Long number && number < 0) {
      return "-" + "0".repeat(missing) + text.substring(1);
    }
    return (flag.equals("0") ? "0" : " ").repeat(missing) + text;
  }
}
