package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which namespaces are meant, by their labels: {@code matchLabels} of a Kubernetes LabelSelector,
 * all of which must be there. Names that it does not know and selectors without a label are
 * refused, because the reference takes both for "every namespace". Immutable.
 *
 * @param text as it was written
 */
record LabelSelector(String text, Map<String, String> labels) {
  static final int MAX_LENGTH = 8 * 1024;
  static final int MAX_LABELS = 64;

  private static final String MATCH_LABELS = "matchLabels";
  private static final String MATCH_EXPRESSIONS = "matchExpressions";

  /** Kubernetes, "Labels and Selectors", syntax and character set. */
  private static final Pattern KEY = Pattern.compile(
      "([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?");

  LabelSelector {
    labels = Map.copyOf(labels);
  }

  /**
   * Reads a selector in JSON or YAML.
   *
   * @throws IllegalArgumentException with a text for whoever wrote it
   */
  static LabelSelector parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("it has at most " + MAX_LENGTH + " characters");
    }
    Map<String, ?> members =
        text.strip().startsWith("{") ? Payload.parse(text).toMap() : SelectorYaml.parse(text);
    for (String name : members.keySet()) {
      if (!name.equals(MATCH_LABELS) && !name.equals(MATCH_EXPRESSIONS)) {
        throw new IllegalArgumentException("it has a member that is not " + MATCH_LABELS);
      }
    }
    if (!isAbsent(members.get(MATCH_EXPRESSIONS))) {
      throw new IllegalArgumentException(MATCH_EXPRESSIONS + " is not supported");
    }
    return new LabelSelector(text, labels(members.get(MATCH_LABELS)));
  }

  private static boolean isAbsent(@Nullable Object value) {
    return value == null || (value instanceof Iterable<?> all && !all.iterator().hasNext());
  }

  private static Map<String, String> labels(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> given) || given.isEmpty()) {
      throw new IllegalArgumentException("it needs a label in " + MATCH_LABELS
          + "; to allow every namespace, set \"bound_service_account_namespaces\" to \"*\"");
    }
    if (given.size() > MAX_LABELS) {
      throw new IllegalArgumentException("it has at most " + MAX_LABELS + " labels");
    }
    Map<String, String> labels = new LinkedHashMap<>();
    given.forEach((key, label) -> {
      if (!(key instanceof String name) || !KEY.matcher(name).matches()) {
        throw new IllegalArgumentException(MATCH_LABELS + " has a key that no label can have");
      }
      if (!(label instanceof String text) || !VALUE.matcher(text).matches()) {
        throw new IllegalArgumentException(MATCH_LABELS + " has a value that is no text of"
            + " at most 63 letters, digits, '-', '_' and '.'");
      }
      labels.put(name, text);
    });
    return labels;
  }

  /** Returns whether a namespace with those labels is meant. */
  boolean matches(Map<String, String> ofNamespace) {
    return labels.entrySet().stream()
        .allMatch(label -> label.getValue().equals(ofNamespace.get(label.getKey())));
  }

  void write(RecordWriter out) {
    out.text(text).texts(labels);
  }

  static LabelSelector read(RecordReader in) {
    return new LabelSelector(in.text(), in.texts());
  }

  static String textOf(Optional<LabelSelector> selector) {
    return selector.map(LabelSelector::text).orElse("");
  }
}
