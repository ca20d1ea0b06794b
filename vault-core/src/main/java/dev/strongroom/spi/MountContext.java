package dev.strongroom.spi;

import java.security.SecureRandom;
import java.util.Map;

/** What an engine knows of its mount. */
public interface MountContext {

  /** Returns the options the mount was made with. */
  Map<String, String> options();

  /** Returns the vault's only source of randomness. */
  SecureRandom random();
}
