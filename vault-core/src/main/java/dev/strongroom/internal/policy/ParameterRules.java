package dev.strongroom.internal.policy;

import static dev.strongroom.internal.policy.PolicySyntaxException.quote;

import dev.strongroom.PolicyExplanation.Missing;
import dev.strongroom.request.Payload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which parameters a request must have, may have, and must not have. Names are compared in lower
 * case. Same rules as OpenBao v2.6.2 {@code vault/policy/acl.go}, except that the values of an
 * allowed {@code *} count. Immutable.
 *
 * @param required in lower case
 * @param allowed in lower case; empty: all
 * @param denied in lower case
 */
record ParameterRules(
    Set<String> required, Map<String, ListedValues> allowed, Map<String, ListedValues> denied) {
  static final ParameterRules NONE = new ParameterRules(Set.of(), Map.of(), Map.of());

  /** The name that stands for every other one. */
  private static final String ANY = "*";

  ParameterRules {
    required = Set.copyOf(required);
    allowed = Map.copyOf(allowed);
    denied = Map.copyOf(denied);
  }

  /** Folds a name the same way everywhere. */
  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Returns the demands of both. */
  ParameterRules and(ParameterRules other) {
    Set<String> allRequired = new HashSet<>(required);
    allRequired.addAll(other.required);
    return new ParameterRules(
        allRequired, joined(allowed, other.allowed), joined(denied, other.denied));
  }

  private static Map<String, ListedValues> joined(
      Map<String, ListedValues> one, Map<String, ListedValues> other) {
    Map<String, ListedValues> all = new HashMap<>(one);
    other.forEach((name, values) -> all.merge(name, values, ListedValues::or));
    return all;
  }

  boolean requires(String name) {
    return required.contains(name);
  }

  /** Adds the lists that are there. */
  void show(Map<String, Object> members) {
    show(members, "allowed_parameters", allowed);
    show(members, "denied_parameters", denied);
    if (!required.isEmpty()) {
      members.put("required_parameters", required.stream().sorted().toList());
    }
  }

  private static void show(
      Map<String, Object> members, String name, Map<String, ListedValues> lists) {
    if (!lists.isEmpty()) {
      Map<String, Object> shown = new TreeMap<>();
      lists.forEach((parameter, values) -> shown.put(parameter, values.all()));
      members.put(name, shown);
    }
  }

  /** Returns how many values are listed. */
  int size() {
    return required.size() + size(allowed) + size(denied);
  }

  private static int size(Map<String, ListedValues> lists) {
    return lists.size() + lists.values().stream().mapToInt(ListedValues::size).sum();
  }

  /** Returns the first demand that parameters do not meet; null if they meet all. */
  @Nullable
  Missing unmet(Payload parameters, ParameterReading reading) {
    for (String name : required) {
      if (!parameters.has(name)) {
        return missing("required parameter ", name, " is not given");
      }
    }
    Map<String, @Nullable Object> given = parameters.toMap();
    for (Map.Entry<String, @Nullable Object> parameter : given.entrySet()) {
      if (denies(parameter.getKey(), parameter.getValue(), reading)) {
        return missing("parameter ", parameter.getKey(), " is denied, or its value is");
      }
    }
    for (Map.Entry<String, @Nullable Object> parameter : given.entrySet()) {
      if (!allows(parameter.getKey(), parameter.getValue(), reading)) {
        return missing("parameter ", parameter.getKey(), " is not allowed, or its value is not");
      }
    }
    return null;
  }

  private static Missing missing(String before, String name, String after) {
    return new Missing(Missing.Kind.PARAMETERS, before + quote(name) + after);
  }

  private boolean denies(String name, @Nullable Object value, ParameterReading reading) {
    ListedValues values = denied.get(fold(name));
    return denied.containsKey(ANY) || (values != null && values.deny(name, value, reading));
  }

  private boolean allows(String name, @Nullable Object value, ParameterReading reading) {
    ListedValues named = allowed.get(fold(name));
    ListedValues values = named == null ? allowed.get(ANY) : named;
    return allowed.isEmpty() || (values != null && values.allow(name, value, reading));
  }
}
