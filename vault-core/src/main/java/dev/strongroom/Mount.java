package dev.strongroom;

import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.EngineType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A mount as the host declares it: an engine with its options.
 *
 * @param options options of the engine, such as {@code version} of kv
 * @param defaultLeaseTtl lifetime of leases and tokens that ask for none, in whole seconds; zero:
 *     the vault's default
 * @param maxLeaseTtl longest lifetime, in whole seconds; zero: the vault's maximum
 */
public record Mount(
    EngineType type,
    Map<String, String> options,
    String description,
    Duration defaultLeaseTtl,
    Duration maxLeaseTtl) {
  public Mount {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(description, "description");
    options = Map.copyOf(options);
    DurationText.requireWholeSeconds(defaultLeaseTtl);
    DurationText.requireWholeSeconds(maxLeaseTtl);
  }

  /** A mount of that engine without options. */
  public static Mount of(EngineType type) {
    return new Mount(type, Map.of(), "", Duration.ZERO, Duration.ZERO);
  }

  public Mount withOption(String name, String value) {
    Map<String, String> all = new HashMap<>(options);
    all.put(name, value);
    return new Mount(type, all, description, defaultLeaseTtl, maxLeaseTtl);
  }

  public Mount withDescription(String text) {
    return new Mount(type, options, text, defaultLeaseTtl, maxLeaseTtl);
  }

  /** Sets both lifetimes; zero means the vault's own. */
  public Mount withLeaseTtls(Duration defaultTtl, Duration maxTtl) {
    return new Mount(type, options, description, defaultTtl, maxTtl);
  }
}
