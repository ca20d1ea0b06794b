package dev.strongroom.internal.pipeline;

import dev.strongroom.ErrorCode;
import dev.strongroom.internal.template.Template;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out of the answer to a list or scan what its caller may not see: each key stands for a
 * path, and stays if the same policies allow reading that, or listing it if the key is a folder,
 * without parameters and without wrapping. Same rules as OpenBao v2.6.2
 * {@code vault/request_handling_list_filtering.go}, except that a key whose path no request can
 * have is left out. For one answer.
 */
final class ListFilter {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private static final String KEYS = "keys";
  private static final String DETAILS = "key_info";

  private final Template template;
  private final CallerAccess access;

  ListFilter(Template template, CallerAccess access) {
    this.template = template;
    this.access = access;
  }

  /**
   * Returns the answer with the keys that may be seen; not found if there are none.
   *
   * @param folder that was listed
   * @param response a failure with code {@code INTERNAL} comes of one that holds anything beside
   *     keys, because nobody can tell who may see that
   */
  Response apply(VaultPath folder, Response response) {
    Map<String, @Nullable Object> data = response.dataOrEmpty().toMap();
    if (data.isEmpty() && response.auth().isEmpty()) {
      return response;
    }
    Optional<List<?>> keys = keys(data);
    if (response.isFailure() || response.auth().isPresent() || keys.isEmpty()) {
      LOG.log(Level.ERROR, "an answer cannot be filtered, because it is more than a list of keys");
      return Response.failure(ErrorCode.INTERNAL, "internal error");
    }
    List<?> seen =
        keys.get().stream().filter(key -> maySee(folder.text(), (String) key)).toList();
    if (seen.isEmpty()) {
      return Response.notFound();
    }
    Response filtered = Response.of(Payload.of(only(seen, data)));
    for (String warning : response.warnings()) {
      filtered = filtered.withWarning(warning);
    }
    return filtered;
  }

  /** Returns the keys of an answer that has nothing beside keys and their details. */
  private static Optional<List<?>> keys(Map<String, @Nullable Object> data) {
    return Set.of(KEYS, DETAILS).containsAll(data.keySet())
            && (!data.containsKey(DETAILS) || data.get(DETAILS) instanceof Map<?, ?>)
            && data.get(KEYS) instanceof List<?> keys
            && keys.stream().allMatch(String.class::isInstance)
        ? Optional.of(keys)
        : Optional.empty();
  }

  private static Map<String, Object> only(List<?> keys, Map<String, @Nullable Object> data) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(KEYS, keys);
    if (data.get(DETAILS) instanceof Map<?, ?> all) {
      Map<Object, @Nullable Object> details = new LinkedHashMap<>();
      keys.stream().filter(all::containsKey).forEach(key -> details.put(key, all.get(key)));
      members.put(DETAILS, details);
    }
    return members;
  }

  private boolean maySee(String folder, String key) {
    try {
      String path = template.fill(Map.of("path", folder, "key", key));
      return access.allows(
          key.endsWith("/") ? Operation.LIST : Operation.READ,
          VaultPath.parse(path),
          Payload.empty());
    } catch (IllegalArgumentException e) {
      return false; // no request could have this path
    }
  }
}
