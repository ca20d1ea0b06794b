package dev.strongroom.kv;

import dev.strongroom.Mount;
import dev.strongroom.spi.EngineType;

/** The KV engine, ready to be mounted. Version 2 keeps versions; version 1 is not here yet. */
public final class Kv {
  private static final EngineType ENGINE = new KvEngineType();

  private Kv() {}

  /** Returns a mount of version 2: {@code builder.mount("secret", Kv.version2())}. */
  public static Mount version2() {
    return Mount.of(ENGINE).withOption(KvEngineType.VERSION, "2");
  }

  /** Returns the engine, for mounting it later by its names {@code kv} and {@code kv-v2}. */
  public static EngineType engine() {
    return ENGINE;
  }
}
