package dev.strongroom.http;

import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.util.Optional;

/** The header by which a caller asks for a wrapped answer. */
final class WrapHeader {
  private static final String NAME = "X-Vault-Wrap-TTL";

  private WrapHeader() {}

  /**
   * Returns how long the answer is to stay wrapped; empty if it is not to be.
   *
   * @throws Refusal with 400 if it is no duration, or a negative one
   */
  static Optional<Duration> of(HttpCall call) {
    return call.header(NAME).stream()
        .findFirst()
        .filter(text -> !text.isEmpty())
        .map(WrapHeader::parse)
        .filter(ttl -> !ttl.isZero());
  }

  private static Duration parse(String text) {
    try {
      Duration ttl = DurationText.parseSeconds(text);
      if (ttl.isNegative()) {
        throw new IllegalArgumentException("requested wrap ttl cannot be negative");
      }
      return ttl;
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "error parsing " + NAME + " header: " + e.getMessage());
    }
  }
}
