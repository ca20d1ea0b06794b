package dev.strongroom.auth.k8s.internal.api;

import dev.strongroom.auth.k8s.internal.json.StrictObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a {@code Namespace} as far as its labels. */
final class NamespaceLabels {
  private NamespaceLabels() {}

  /** Whatever is another type than it should be, or another namespace, is no answer. */
  static Map<String, String> read(byte[] body, String namespace) throws ApiFailure {
    try {
      StrictObject answer = StrictObject.parse(body);
      StrictObject metadata = answer.objectOrEmpty("metadata");
      if (answer.text("kind").equals("Namespace") && metadata.text("name").equals(namespace)) {
        return labels(metadata.objectOrEmpty("labels"));
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new ApiFailure(ApiFailure.Kind.NO_ANSWER, "its answer is not that namespace");
  }

  private static Map<String, String> labels(StrictObject given) {
    Map<String, String> labels = new LinkedHashMap<>();
    given.members().toMap().keySet().forEach(name -> labels.put(name, given.text(name)));
    return labels;
  }
}
