package dev.strongroom.testkit;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a {@link Scenario} may expect: a JSON value, or text such as {@code $time} that
 * describes one.
 */
final class Matcher {
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{0,8}[1-9])?Z");

  private Matcher() {}

  /**
   * Returns whether an answer has what is expected at a path.
   *
   * @throws IllegalArgumentException for a matcher that is not known
   */
  static boolean matches(Answer answer, String path, @Nullable Object expected) {
    if (path.equals("$body")) {
      return answer.status() == 204 || answer.errors().isEmpty();
    }
    return "$absent".equals(expected)
        ? !answer.has(path)
        : answer.has(path) && matches(answer, answer.at(path), expected);
  }

  private static boolean matches(
      Answer answer, @Nullable Object actual, @Nullable Object expected) {
    if (!(expected instanceof String text) || !text.startsWith("$")) {
      return same(answer, actual, expected);
    }
    String[] parts = text.split(":", 2);
    String argument = parts.length == 2 ? parts[1] : "";
    return switch (parts[0]) {
      case "$any" -> true;
      case "$null" -> actual == null;
      case "$nonempty" -> actual != null && !isEmpty(actual);
      case "$empty" -> isEmpty(actual);
      case "$type" -> isOfType(actual, argument);
      case "$time" -> actual instanceof String time && TIME.matcher(time).matches();
      case "$rfc3339" ->
        actual instanceof String time && !Instant.parse(time).equals(Instant.EPOCH);
      case "$not" -> !argument.equals(String.valueOf(actual));
      case "$text" -> argument.equals(String.valueOf(actual));
      case "$match" -> Pattern.compile(argument).matcher(String.valueOf(actual)).find();
      case "$contains" -> contains(actual, argument);
      case "$lacks" -> !contains(actual, argument);
      case "$between" -> isBetween(actual, argument.split(":"));
      case "$plus" -> isLater(answer, actual, argument.split(":"));
      default -> throw new IllegalArgumentException("unknown matcher " + text);
    };
  }

  /** Compares as JSON does: numbers by value, and with matchers inside. */
  private static boolean same(Answer answer, @Nullable Object actual, @Nullable Object expected) {
    if (expected instanceof Number number && actual instanceof Number other) {
      return new BigDecimal(number.toString()).compareTo(new BigDecimal(other.toString())) == 0;
    }
    if (expected instanceof Map<?, ?> members && actual instanceof Map<?, ?> others) {
      return members.keySet().equals(others.keySet())
          && members.keySet().stream()
              .allMatch(name -> matches(answer, others.get(name), members.get(name)));
    }
    if (expected instanceof List<?> elements && actual instanceof List<?> others) {
      boolean all = elements.size() == others.size();
      for (int i = 0; all && i < elements.size(); i++) {
        all = matches(answer, others.get(i), elements.get(i));
      }
      return all;
    }
    if (expected instanceof String text) {
      return unwrapped(text).equals(actual);
    }
    return expected == null ? actual == null : expected.equals(actual);
  }

  /** Returns an error without the list of one that the reference wraps some errors in. */
  private static String unwrapped(String error) {
    String start = "1 error occurred:\n\t* ";
    return error.startsWith(start) && error.endsWith("\n\n")
        ? error.substring(start.length(), error.length() - 2)
        : error;
  }

  private static boolean isEmpty(@Nullable Object value) {
    return "".equals(value) || List.of().equals(value) || Map.of().equals(value);
  }

  private static boolean isOfType(@Nullable Object value, String type) {
    return switch (type) {
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "string" -> value instanceof String;
      case "number" -> value instanceof Number;
      case "bool" -> value instanceof Boolean;
      default -> throw new IllegalArgumentException("unknown type " + type);
    };
  }

  private static boolean contains(@Nullable Object value, String part) {
    if (value instanceof List<?> list) {
      return list.contains(part);
    }
    return value instanceof Map<?, ?> map
        ? map.containsKey(part)
        : String.valueOf(value).contains(part);
  }

  private static boolean isBetween(@Nullable Object value, String[] bounds) {
    BigDecimal number = new BigDecimal(String.valueOf(value));
    return number.compareTo(new BigDecimal(bounds[0])) >= 0
        && number.compareTo(new BigDecimal(bounds[1])) <= 0;
  }

  /** Returns whether a time is so many seconds after the time at a path of the same answer. */
  private static boolean isLater(Answer answer, @Nullable Object time, String[] base) {
    return Instant.parse((String) answer.at(base[0]))
        .plusSeconds(Long.parseLong(base[1]))
        .equals(Instant.parse((String) time));
  }
}
