package dev.strongroom.junit;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Secrets as JSON: an object whose members are keys, with objects of their data. */
final class SecretsFile {
  private SecretsFile() {}

  /**
   * Reads secrets.
   *
   * @param source where they come from, for errors
   */
  static Map<String, Map<String, ?>> parse(String source, byte[] json) {
    Map<String, Map<String, ?>> secrets = new LinkedHashMap<>();
    Payload all = read(source, json);
    for (String key : all.toMap().keySet()) {
      secrets.put(
          key,
          all.object(key)
              .orElseThrow(() -> new IllegalArgumentException(
                  source + ": the value of \"" + key + "\" is no JSON object"))
              .toMap());
    }
    return secrets;
  }

  static Map<String, Map<String, ?>> ofResource(Class<?> tests, String resource) {
    try (InputStream json = tests.getResourceAsStream(resource)) {
      if (json == null) {
        throw new IllegalArgumentException(
            "there is no resource " + resource + " for " + tests.getName());
      }
      return parse(resource, json.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the secrets cannot be read from " + resource, e);
    }
  }

  private static Payload read(String source, byte[] json) {
    try {
      return Payload.parse(json);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }
}
