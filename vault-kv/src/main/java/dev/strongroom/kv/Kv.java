package dev.strongroom.kv;

import dev.strongroom.Mount;
import dev.strongroom.spi.EngineType;

/** The KV engine, ready to be mounted. Version 2 keeps versions, version 1 the last write only. */
public final class Kv {
  private static final EngineType ENGINE = new KvEngineType();

  private Kv() {}

  /** Returns a mount of version 2: {@code builder.mount("secret", Kv.version2())}. */
  public static Mount version2() {
    return Mount.of(ENGINE).withOption(KvEngineType.VERSION, "2");
  }

  /**
   * Returns a mount of version 1: {@code builder.mount("kv", Kv.version1())}.
   *
   * <p>Tuning its option {@code version} to 2 converts what it holds, in the background; until that
   * is done every call fails with {@code INVALID_REQUEST}. Declare {@link #version2()} from the
   * next start on, or the vault stays sealed; use {@link KvStore}, and let policies name
   * {@code kv/data/…}. What listened at the old paths hears no more.
   */
  public static Mount version1() {
    return Mount.of(ENGINE).withOption(KvEngineType.VERSION, "1");
  }

  /**
   * Returns the engine, for mounting it later by its names {@code kv}, {@code kv-v1} and
   * {@code kv-v2}.
   */
  public static EngineType engine() {
    return ENGINE;
  }
}
