package dev.strongroom.auth.k8s.internal.api;

import dev.strongroom.request.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Namespace} as far as its labels. */
final class NamespaceLabels {
  private NamespaceLabels() {}

  /** Whatever is another type than it should be, or another namespace, is no answer. */
  static Map<String, String> read(byte[] body, String namespace) throws ApiFailure {
    try {
      Payload metadata = Payload.parse(body)
          .object("metadata")
          .orElseThrow(() -> new IllegalArgumentException("no metadata"));
      if (!metadata.text("name").orElse(namespace).equals(namespace)) {
        throw new IllegalArgumentException("another namespace");
      }
      Map<String, String> labels = new LinkedHashMap<>();
      Map<String, @Nullable Object> given =
          metadata.object("labels").orElse(Payload.empty()).toMap();
      for (Map.Entry<String, @Nullable Object> label : given.entrySet()) {
        if (!(label.getValue() instanceof String value)) {
          throw new IllegalArgumentException("a label is no text");
        }
        labels.put(label.getKey(), value);
      }
      return labels;
    } catch (IllegalArgumentException e) {
      throw new ApiFailure(ApiFailure.Kind.NO_ANSWER, "its answer is not that namespace");
    }
  }
}
