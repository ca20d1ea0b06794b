package dev.strongroom.testkit;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands for the words in angle brackets of a recorded conversation. A name is bound where it
 * is met first in an answer; one with a number, and a token, is the same value ever after.
 */
final class Placeholders {
  private static final Pattern NAME = Pattern.compile("<[a-z][a-z0-9-]*>");
  private static final Pattern OF_THE_MOMENT = Pattern.compile(
      "<(time|uuid|seconds|unix-time|accessor|mount-accessor|version|cluster-name)(-\\d+)?>");

  private final Map<String, String> bound = new HashMap<>();

  void bind(String name, String value) {
    bound.put(name, value);
  }

  Optional<String> value(String name) {
    return Optional.ofNullable(bound.get(name));
  }

  /** Returns a value with everything filled in that is bound. */
  @Nullable
  Object filled(@Nullable Object value) {
    Map<String, Object> variables = new HashMap<>();
    bound.forEach((name, text) -> variables.put(name, text));
    return fill(value, variables);
  }

  private static @Nullable Object fill(@Nullable Object value, Map<String, Object> variables) {
    if (value instanceof String text) {
      String filled = text;
      for (Map.Entry<String, Object> variable : variables.entrySet()) {
        filled = filled.replace(variable.getKey(), variable.getValue().toString());
      }
      return filled;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> filled = new HashMap<>();
      map.forEach((name, member) -> filled.put((String) name, fill(member, variables)));
      return filled;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> filled = new ArrayList<>();
      list.forEach(element -> filled.add(fill(element, variables)));
      return filled;
    }
    return value;
  }

  /** Returns the first difference of an answer, by its path; binds what it meets. */
  Optional<String> difference(String path, @Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Map<?, ?> members && actual instanceof Map<?, ?> others) {
      if (!members.keySet().equals(others.keySet())) {
        return Optional.of(path + " has " + new TreeSet<>(others.keySet()) + " instead of "
            + new TreeSet<>(members.keySet()));
      }
      return members.entrySet().stream()
          .map(each ->
              difference(path + "." + each.getKey(), each.getValue(), others.get(each.getKey())))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (expected instanceof List<?> elements && actual instanceof List<?> others) {
      if (elements.size() != others.size()) {
        return Optional.of(path + " has " + others.size() + " elements");
      }
      for (int i = 0; i < elements.size(); i++) {
        Optional<String> found = difference(path + "." + i, elements.get(i), others.get(i));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    if (expected instanceof Number number && actual instanceof Number other) {
      return new BigDecimal(number.toString()).compareTo(new BigDecimal(other.toString())) == 0
          ? Optional.empty()
          : Optional.of(path + " is " + other + " instead of " + number);
    }
    boolean same = (expected instanceof String text && NAME.matcher(text).find())
        ? actual != null && fits(text, actual.toString())
        : expected == null ? actual == null : expected.equals(actual);
    return same
        ? Optional.empty()
        : Optional.of(path + " is " + actual + " instead of " + expected);
  }

  private boolean fits(String expected, String actual) {
    StringBuilder pattern = new StringBuilder();
    List<String> names = new ArrayList<>();
    Matcher name = NAME.matcher(expected);
    int end = 0;
    while (name.find()) {
      pattern.append(Pattern.quote(expected.substring(end, name.start())));
      String known = bound.get(name.group());
      if (known != null && !OF_THE_MOMENT.matcher(name.group()).matches()) {
        pattern.append(Pattern.quote(known));
      } else {
        pattern.append("(.+)");
        names.add(name.group());
      }
      end = name.end();
    }
    Matcher found = Pattern.compile(
            pattern + Pattern.quote(expected.substring(end)), Pattern.DOTALL)
        .matcher(actual);
    if (!found.matches()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      bound.put(names.get(i), found.group(i + 1));
    }
    return true;
  }
}
