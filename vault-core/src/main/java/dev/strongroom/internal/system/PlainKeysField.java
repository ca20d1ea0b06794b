package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.PlainKeys;
import dev.strongroom.request.Payload;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code audit_non_hmac_request_keys} and {@code audit_non_hmac_response_keys} of a mount, secret
 * or auth.
 */
final class PlainKeysField {
  static final String REQUEST = "audit_non_hmac_request_keys";
  static final String RESPONSE = "audit_non_hmac_response_keys";

  private PlainKeysField() {}

  /** Returns what tuning makes of them; one that is not given stays. */
  static PlainKeys tuned(SystemCall call, PlainKeys before) {
    return keys(
        call.has(REQUEST) ? call.texts(REQUEST) : before.request(),
        call.has(RESPONSE) ? call.texts(RESPONSE) : before.response());
  }

  /** Returns what the {@code config} of a new mount says: arrays, or texts with commas. */
  static PlainKeys ofConfig(Payload config) {
    return keys(names(config, REQUEST), names(config, RESPONSE));
  }

  /** Adds those that are set. */
  static void describe(PlainKeys keys, Map<String, ? super List<String>> members) {
    if (!keys.request().isEmpty()) {
      members.put(REQUEST, keys.request());
    }
    if (!keys.response().isEmpty()) {
      members.put(RESPONSE, keys.response());
    }
  }

  private static List<String> names(Payload config, String field) {
    Object value = config.get(field).orElse("");
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return config.texts(field);
    }
    if (value instanceof String text) {
      return Stream.of(text.split(",", 1_000))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .toList();
    }
    throw new VaultException(INVALID_REQUEST, field + " must be a list of names");
  }

  private static PlainKeys keys(List<String> request, List<String> response) {
    try {
      return new PlainKeys(request, response);
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }
}
