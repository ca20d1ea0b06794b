package dev.strongroom.internal.identity;

import dev.strongroom.internal.random.RandomText;
import java.security.SecureRandom;

/** Makes ids and names where nobody chose one. */
final class Identifiers {
  private final RandomText random;

  Identifiers(SecureRandom random) {
    this.random = new RandomText(random);
  }

  String id() {
    return random.uuid().toString();
  }

  /** As OpenBao v2.6.2 {@code vault/identity/store_util.go} does; the end is its root namespace. */
  String name(String what) {
    return what + "_" + random.hex(4) + ".root";
  }
}
