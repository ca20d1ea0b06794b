package dev.strongroom.kv;

import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.SecretEngine;
import java.util.HashMap;
import java.util.Map;

/** Names and versions of the engine. Texts as in OpenBao v2.6.2 {@code vault/logical_system.go}. */
final class KvEngineType implements EngineType {
  static final String VERSION = "version";

  @Override
  public String name() {
    return "kv";
  }

  @Override
  public Map<String, Map<String, String>> aliases() {
    return Map.of(
        "kv-v2", Map.of(VERSION, "2"), "kv-v1", Map.of(VERSION, "1"), "generic", Map.of());
  }

  @Override
  public SecretEngine create(MountContext context) {
    String version = version(context.options());
    return switch (version) {
      case "2" -> new KvVersion2(context.random());
      case "1" -> new KvVersion1();
      default -> throw new IllegalArgumentException("kv has versions 1 and 2, not " + version);
    };
  }

  @Override
  public Map<String, String> tune(Map<String, String> options, Map<String, String> changes) {
    Map<String, String> others = new HashMap<>(changes);
    String wanted = others.remove(VERSION);
    Map<String, String> tuned = new HashMap<>(EngineType.super.tune(options, others));
    if (wanted == null) {
      return tuned;
    }
    if (!wanted.equals(version(options)) && wanted.equals("1")) {
      throw new IllegalArgumentException("cannot downgrade mount from version 2");
    }
    if (!wanted.equals("1") && !wanted.equals("2")) {
      throw new IllegalArgumentException("invalid version provided: " + wanted);
    }
    tuned.put(VERSION, wanted);
    return tuned;
  }

  private static String version(Map<String, String> options) {
    return options.getOrDefault(VERSION, "1");
  }
}
