package dev.strongroom.internal.template;

import com.google.errorprone.annotations.Immutable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * What a template can do with a text. Lengths are UTF-8 bytes, as in the reference; a cut never
 * halves a character, so that a little less may be left.
 */
enum TemplateFunction {
  /** The beginning of a text: at most so many bytes. */
  TRUNCATE(1, 1, (bytes, texts) -> beginning(texts.get(0), bytes)),
  /** As it is, or cut to so many bytes, of which 8 are a hash of the rest. */
  TRUNCATE_SHA256(9, 1, (bytes, texts) -> shortened(texts.get(0), bytes)),
  UPPERCASE(0, 1, (none, texts) -> eachCharacter(texts.get(0), Character::toUpperCase)),
  LOWERCASE(0, 1, (none, texts) -> eachCharacter(texts.get(0), Character::toLowerCase)),
  /** What to find, what comes in its place, and where. */
  REPLACE(0, 3, (none, texts) -> replaced(texts.get(0), texts.get(1), texts.get(2))),
  SHA256(0, 1, (none, texts) -> sha256(texts.get(0))),
  BASE64(0, 1, (none, texts) -> Base64.getEncoder().encodeToString(utf8(texts.get(0)))),
  HEX(0, 1, (none, texts) -> HexFormat.of().formatHex(utf8(texts.get(0))));

  private static final int SHORT_HASH = 8;

  private final int leastNumber;
  private final int texts;
  private final Computation computation;

  @Immutable
  private interface Computation {
    String apply(int number, List<String> texts);
  }

  /**
   * Describes the arguments.
   *
   * @param leastNumber of the number that comes first; 0 if none does
   * @param texts how many texts follow
   */
  TemplateFunction(int leastNumber, int texts, Computation computation) {
    this.leastNumber = leastNumber;
    this.texts = texts;
    this.computation = computation;
  }

  /** Finds a function by the word that templates use. */
  static Optional<TemplateFunction> named(String word) {
    return Arrays.stream(values())
        .filter(function -> function.word().equals(word))
        .findFirst();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean takesNumber() {
    return leastNumber > 0;
  }

  int leastNumber() {
    return leastNumber;
  }

  int texts() {
    return texts;
  }

  /** Computes the value; {@code number} is 0 where the function takes none. */
  String apply(int number, List<String> arguments) {
    return computation.apply(number, arguments);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String beginning(String text, int bytes) {
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      used += utf8(text.substring(end, next)).length;
      if (used > bytes) {
        break;
      }
      end = next;
    }
    return text.substring(0, end);
  }

  private static String shortened(String text, int bytes) {
    if (utf8(text).length <= bytes) {
      return text;
    }
    String kept = beginning(text, bytes - SHORT_HASH);
    return kept + sha256(text.substring(kept.length())).substring(0, SHORT_HASH);
  }

  /** Nothing to find: nothing changes. */
  private static String replaced(String find, String by, String text) {
    return find.isEmpty() ? text : text.replace(find, by);
  }

  /** Character by character as in Go, where a sharp s stays one character. */
  private static String eachCharacter(String text, IntUnaryOperator change) {
    return text.codePoints()
        .map(change)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
