package dev.strongroom.internal.audit;

import dev.strongroom.request.Payload;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The texts that a request brought. Messages come from the vault and its engines and should quote
 * none of them; this sees to it, whatever an engine does: whole values go, and what a message puts
 * in quotes, if it is a part of one. Shorter ones than four characters would make every message
 * unreadable, and keep no secret.
 */
record SentValues(List<String> texts) {
  private static final int SHORTEST = 4;
  private static final int MOST = 10_000;
  private static final Pattern QUOTED =
      Pattern.compile("(?<=')[^']{4,}(?=')|(?<=\")[^\"]{4,}(?=\")");

  static SentValues of(Payload payload) {
    return new SentValues(texts(payload)
        .filter(text -> text.length() >= SHORTEST)
        .limit(MOST + 1L)
        .sorted((one, other) -> other.length() - one.length())
        .toList());
  }

  private static Stream<String> texts(@Nullable Object value) {
    if (value instanceof String text) {
      return Stream.of(text);
    }
    if (value instanceof Payload payload) {
      return payload.isEmpty() ? Stream.empty() : texts(payload.toMap());
    }
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().filter(Objects::nonNull).flatMap(SentValues::texts);
    }
    return value instanceof Collection<?> elements
        ? elements.stream().filter(Objects::nonNull).flatMap(SentValues::texts)
        : Stream.empty();
  }

  /** Returns a message with the hashes of these in their place, the longest first. */
  String replacedIn(String message, SaltedHmac hmac) {
    if (texts.size() > MOST) {
      return "";
    }
    String replaced = message;
    for (String text : texts) {
      if (text.length() <= replaced.length() && replaced.contains(text)) {
        replaced = replaced.replace(text, hmac.of(text));
      }
    }
    return QUOTED
        .matcher(replaced)
        .replaceAll(quoted -> isPart(quoted.group()) ? hmac.of(quoted.group()) : "$0");
  }

  private boolean isPart(String text) {
    return texts.stream().anyMatch(sent -> sent.contains(text));
  }
}
