package dev.strongroom.kv;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patch, RFC 7396. */
final class MergePatch {
  private MergePatch() {}

  /**
   * Returns {@code target} with {@code patch} applied: null removes, objects merge, everything else
   * replaces.
   */
  static Map<String, @Nullable Object> apply(Map<?, ?> target, Map<?, ?> patch) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>();
    target.forEach((name, value) -> merged.put((String) name, value));
    patch.forEach((name, value) -> {
      String member = (String) name;
      if (value == null) {
        merged.remove(member);
      } else if (value instanceof Map<?, ?> object) {
        merged.put(
            member,
            apply(merged.get(member) instanceof Map<?, ?> there ? there : Map.of(), object));
      } else {
        merged.put(member, value);
      }
    });
    return merged;
  }
}
