package dev.strongroom.internal.audit;

import dev.strongroom.request.Payload;
import java.util.BitSet;
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
  private static final int LONGEST_MESSAGE = 4096;
  private static final int MOST_QUOTES = 16;
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

  /**
   * Returns a message with hashes in the place of these. The work is bounded, whatever callers put
   * into a message: one that is long, or quotes much, is a hash as a whole.
   */
  String replacedIn(String message, SaltedHmac hmac) {
    if (texts.size() > MOST) {
      return "";
    }
    if (message.length() > LONGEST_MESSAGE) {
      return hmac.of(message);
    }
    String replaced = withoutWhole(message, hmac);
    return QUOTED.matcher(replaced).results().limit(MOST_QUOTES + 1L).count() > MOST_QUOTES
        ? hmac.of(message)
        : QUOTED
            .matcher(replaced)
            .replaceAll(quoted -> isPart(quoted.group()) ? hmac.of(quoted.group()) : "$0");
  }

  /** Looks in the message only, and never in a hash that was put into it. */
  private String withoutWhole(String message, SaltedHmac hmac) {
    BitSet sent = new BitSet(message.length());
    for (String text : texts) {
      if (sent.nextClearBit(0) >= message.length()) {
        break;
      }
      for (int at = message.indexOf(text); at >= 0; at = message.indexOf(text, at + 1)) {
        sent.set(at, at + text.length());
      }
    }
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    while (from < message.length()) {
      boolean hide = sent.get(from);
      int next = hide ? sent.nextClearBit(from) : sent.nextSetBit(from);
      int to = next < 0 ? message.length() : next;
      String part = message.substring(from, to);
      replaced.append(hide ? hmac.of(part) : part);
      from = to;
    }
    return replaced.toString();
  }

  private boolean isPart(String text) {
    return texts.stream().anyMatch(sent -> sent.contains(text));
  }
}
