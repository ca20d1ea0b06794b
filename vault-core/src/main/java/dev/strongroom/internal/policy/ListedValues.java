package dev.strongroom.internal.policy;

import dev.strongroom.request.Payload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values that a rule lists for one parameter; none means any value. In texts a star at either
 * end stands for anything; a text of one character stands for itself. Same rules as OpenBao v2.6.2
 * {@code vault/policy/acl.go}, apart from these: numbers are compared as numbers, and a list that
 * denies sees through other spellings of a value. Immutable.
 */
final class ListedValues {
  /** A longer array is not looked through. */
  static final int MAX_FORMS = 10_000;

  /** A number with more digits behind the point, or zeros before it, is not written out. */
  private static final int MAX_SCALE = 400;

  private static final String STAR = "*";

  /** Stands for null, which equals nothing that can be listed. */
  private static final Object NOTHING = Optional.empty();

  private final List<Object> values;
  private final Set<Object> exact = new HashSet<>();
  private final Set<Object> forms = new HashSet<>();
  private final List<String> globs = new ArrayList<>();

  private ListedValues(List<Object> values) {
    this.values = values;
    for (Object value : values) {
      if (value instanceof String text && isGlob(text)) {
        globs.add(text);
      } else {
        Object listed = comparable(value);
        exact.add(listed);
        addScalar(listed, forms);
      }
    }
  }

  /**
   * Lists values.
   *
   * @param values texts, booleans, numbers, lists, and maps
   */
  static ListedValues of(List<?> values) {
    return new ListedValues(List.copyOf(values));
  }

  /** Returns the values of both; if one of them stands for any value, so does this. */
  ListedValues or(ListedValues other) {
    return values.isEmpty() || other.values.isEmpty()
        ? of(List.of())
        : of(Stream.concat(values.stream(), other.values.stream()).distinct().toList());
  }

  /** Returns what is listed. */
  List<Object> all() {
    return values;
  }

  int size() {
    return values.size();
  }

  /**
   * Returns whether a rule that allows these allows a value: it is listed as it stands, or its text
   * fits, and so do all parts of a list that this text becomes.
   */
  boolean allow(String name, @Nullable Object value, ParameterReading reading) {
    return values.isEmpty()
        || exact.contains(comparable(value))
        || (value instanceof String text && fits(text) && allowParts(name, text, reading));
  }

  private boolean allowParts(String name, String text, ParameterReading reading) {
    try {
      return !(reading.read(name, text) instanceof List<?> parts)
          || parts.stream()
              .map(String::valueOf)
              .allMatch(part -> exact.contains(part) || fits(part));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns whether a rule that denies these denies a value: as it stands, as text, as what it
   * becomes, or any element of these, which is compared without regard to case as well. What cannot
   * be compared is denied: an object where something else is listed, and an array of more than
   * {@value #MAX_FORMS} elements.
   */
  boolean deny(String name, @Nullable Object value, ParameterReading reading) {
    Set<Object> given = new HashSet<>();
    addForms(comparable(value), given);
    return values.isEmpty()
        || isBeyondComparison(given)
        || becomesListed(name, value, reading, given)
        || given.stream().anyMatch(this::isListed);
  }

  private boolean isBeyondComparison(Set<Object> given) {
    return given.size() > MAX_FORMS
        || (given.stream().anyMatch(Map.class::isInstance)
            && !values.stream().allMatch(Map.class::isInstance));
  }

  /** Adds what the value becomes, and returns whether that is what a listed value becomes. */
  private boolean becomesListed(
      String name, @Nullable Object value, ParameterReading reading, Set<Object> given) {
    Object read;
    try {
      read = comparable(reading.read(name, value));
    } catch (IllegalArgumentException e) {
      return false; // it will be refused, whatever is decided here
    }
    addForms(read, given);
    return values.stream().anyMatch(listed -> becomes(name, listed, reading, given))
        || (read instanceof List<?> names && names.stream().anyMatch(this::namesListed));
  }

  /** Names in lists, such as those of policies, are folded by whoever takes them. */
  private boolean namesListed(Object element) {
    if (!(element instanceof String text)) {
      return false;
    }
    String name = folded(text);
    return values.stream()
        .filter(String.class::isInstance)
        .map(listed -> folded((String) listed))
        .anyMatch(listed -> listed.equals(name) || (isGlob(listed) && fits(listed, name)));
  }

  private static String folded(String text) {
    return ParameterRules.fold(text.strip());
  }

  private static boolean becomes(
      String name, Object listed, ParameterReading reading, Set<Object> given) {
    try {
      return given.contains(comparable(reading.read(name, listed)));
    } catch (IllegalArgumentException e) {
      return false; // nothing that is accepted becomes the same
    }
  }

  private boolean isListed(Object form) {
    return forms.contains(form) || (form instanceof String text && fits(text));
  }

  private boolean fits(String text) {
    return globs.stream().anyMatch(glob -> fits(glob, text));
  }

  private static boolean isGlob(String pattern) {
    return pattern.length() > 1 && (pattern.startsWith(STAR) || pattern.endsWith(STAR));
  }

  private static boolean fits(String glob, String text) {
    boolean open = glob.startsWith(STAR);
    boolean openEnd = glob.endsWith(STAR);
    String part = glob.substring(open ? 1 : 0, glob.length() - (openEnd ? 1 : 0));
    if (open) {
      return openEnd ? text.contains(part) : text.endsWith(part);
    }
    return text.startsWith(part);
  }

  /** Adds a value, its text, and the same of its elements. */
  private static void addForms(Object value, Set<Object> forms) {
    if (forms.size() > MAX_FORMS) {
      return;
    }
    addScalar(value, forms);
    if (value instanceof List<?> elements) {
      elements.forEach(element -> addForms(element, forms));
    }
  }

  private static void addScalar(Object value, Set<Object> forms) {
    forms.add(value);
    if (value instanceof Boolean) {
      forms.add(value.toString());
    } else if (value instanceof BigDecimal number) {
      forms.add(Math.abs(number.scale()) < MAX_SCALE ? number.toPlainString() : number.toString());
    }
  }

  /** Returns a value that equals another one if both mean the same; never null. */
  private static Object comparable(@Nullable Object value) {
    if (value == null) {
      return NOTHING;
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).stripTrailingZeros();
    }
    if (value instanceof Payload payload) {
      return comparable(payload.toMap());
    }
    if (value instanceof List<?> elements) {
      List<Object> all = new ArrayList<>();
      elements.forEach(element -> all.add(comparable(element)));
      return all;
    }
    if (value instanceof Map<?, ?> members) {
      Map<Object, Object> all = new HashMap<>();
      members.forEach((name, member) -> all.put(name, comparable(member)));
      return all;
    }
    return value;
  }
}
