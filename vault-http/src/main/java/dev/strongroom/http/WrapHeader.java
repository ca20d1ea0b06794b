package dev.strongroom.http;

import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The header by which a caller asks for a wrapped answer. */
final class WrapHeader {
  private static final String NAME = "X-Vault-Wrap-TTL";

  private WrapHeader() {}

  /**
   * Returns how long the answer is to stay wrapped; empty if it is not to be.
   *
   * @throws Refusal with 400 if it is no duration, or a negative one, or if there are several that
   *     differ
   */
  static Optional<Duration> of(HttpCall call) {
    List<String> values = call.header(NAME).stream().distinct().toList();
    if (values.size() > 1) {
      throw Refusal.of(400, "a request has one " + NAME + " header at most");
    }
    return values.stream()
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
