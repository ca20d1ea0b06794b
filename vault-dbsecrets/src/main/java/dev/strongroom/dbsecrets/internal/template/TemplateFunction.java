package dev.strongroom.dbsecrets.internal.template;

import com.google.errorprone.annotations.Immutable;
import dev.strongroom.dbsecrets.internal.template.TemplateParser.Expression;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
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
 * What a template can do. Lengths are UTF-8 bytes, as in the reference; a cut never halves a
 * character, so that a little less may be left.
 */
enum TemplateFunction {
  RANDOM("n", (run, args) -> random(run, args.number(0, 0, 1_000))),
  TRUNCATE("nt", (run, args) -> beginning(args.text(1), args.number(0, 1, Integer.MAX_VALUE))),
  TRUNCATE_SHA256(
      "nt", (run, args) -> shortened(args.text(1), args.number(0, 9, Integer.MAX_VALUE))),
  UPPERCASE("t", (run, args) -> eachCharacter(args.text(0), Character::toUpperCase)),
  LOWERCASE("t", (run, args) -> eachCharacter(args.text(0), Character::toLowerCase)),
  /** What to find, what comes in its place, and where. */
  REPLACE("ttt", (run, args) -> replaced(args.text(0), args.text(1), args.text(2))),
  SHA256("t", (run, args) -> sha256(args.text(0))),
  BASE64("t", (run, args) -> Base64.getEncoder().encodeToString(utf8(args.text(0)))),
  DECODE_BASE64("t", (run, args) -> text(Base64.getDecoder().decode(padded(args.text(0))))),
  HEX("t", (run, args) -> HexFormat.of().formatHex(utf8(args.text(0)))),
  DECODE_HEX("t", (run, args) -> text(HexFormat.of().parseHex(args.text(0)))),
  UNIX_TIME("", (run, args) -> String.valueOf(run.now().getEpochSecond())),
  UNIX_TIME_MILLIS("", (run, args) -> String.valueOf(run.now().toEpochMilli())),
  TIMESTAMP("t", (run, args) -> GoTimeLayout.format(args.text(0), run.now())),
  UUID("", (run, args) -> uuid(run)),
  /** A pattern with stars, and a text. */
  GLOB("tt", (run, args) -> matches(args.text(0), args.text(1))),
  LEN("t", (run, args) -> (long) utf8(args.text(0)).length),
  NOT("v", (run, args) -> !isTrue(args.value(0))),
  EQ("vv", (run, args) -> same(args)),
  NE("vv", (run, args) -> !same(args)),
  AND("v+", (run, args) -> args.firstThat(false)),
  OR("v+", (run, args) -> args.firstThat(true)),
  PRINTF("tv*", (run, args) -> GoPrintf.format(args.text(0), args.from(1)));

  private static final int SHORT_HASH = 8;
  private static final int MAX_REPLACED = 1_000_000;
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** One letter for each argument: a number, a text, or any value; more of the last, if so said. */
  private final String signature;

  private final Computation computation;

  @Immutable
  private interface Computation {
    Object apply(TemplateRun run, Arguments arguments);
  }

  TemplateFunction(String signature, Computation computation) {
    this.signature = signature;
    this.computation = computation;
  }

  static Optional<TemplateFunction> named(String word) {
    return Arrays.stream(values()).filter(f -> f.word().equals(word)).findFirst();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Object call(TemplateRun run, List<Expression> expressions) {
    requireCount(expressions.size());
    List<Object> values = expressions.stream().map(e -> e.value(run)).toList();
    try {
      Object value = computation.apply(run, new Arguments(values));
      TemplateRun.requireLength(value.toString().length());
      return value;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("error calling " + word() + ": " + e.getMessage(), e);
    }
  }

  private void requireCount(int count) {
    boolean more = signature.endsWith("*") || signature.endsWith("+");
    int least = signature.length() - (signature.endsWith("*") ? 2 : more ? 1 : 0);
    if (more ? count < least : count != least) {
      throw new IllegalArgumentException("wrong number of args for " + word() + ": want "
          + (more ? "at least " : "") + least + " got " + count);
    }
  }

  /** Values that are asked for by what they have to be. */
  private record Arguments(List<Object> values) {
    Object value(int index) {
      return values.get(index);
    }

    List<Object> from(int index) {
      return values.subList(index, values.size());
    }

    String text(int index) {
      if (values.get(index) instanceof String text) {
        return text;
      }
      throw new IllegalArgumentException("argument " + (index + 1) + " is not a text");
    }

    int number(int index, int least, int most) {
      if (values.get(index) instanceof Long number && number >= least && number <= most) {
        return number.intValue();
      }
      throw new IllegalArgumentException(
          "argument " + (index + 1) + " is not a whole number from " + least + " to " + most);
    }

    Object firstThat(boolean isTrue) {
      return values.stream()
          .filter(value -> isTrue(value) == isTrue)
          .findFirst()
          .orElseGet(() -> values.get(values.size() - 1));
    }
  }

  static boolean isTrue(Object value) {
    return !value.equals("") && !value.equals(0L) && !value.equals(false);
  }

  private static boolean same(Arguments args) {
    if (args.value(0).getClass() != args.value(1).getClass()) {
      throw new IllegalArgumentException("incompatible types for comparison");
    }
    return args.value(0).equals(args.value(1));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("what was decoded is no text", e);
    }
  }

  private static String padded(String base64) {
    String joined = base64.replace("\r", "").replace("\n", "");
    if (joined.length() % 4 != 0) {
      throw new IllegalArgumentException("illegal base64: padding is missing");
    }
    return joined;
  }

  private static String random(TemplateRun run, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(BASE62.charAt(run.random().nextInt(BASE62.length())));
    }
    return text.toString();
  }

  /** RFC 9562, version 4. */
  private static String uuid(TemplateRun run) {
    long high = (run.random().nextLong() & ~0xf000L) | 0x4000L;
    long low = (run.random().nextLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new java.util.UUID(high, low).toString();
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

  /** An empty text is found between all characters, as in Go. */
  private static String replaced(String find, String by, String text) {
    long places = text.length() / Math.max(1, find.length()) + 1L;
    if (places * by.length() > MAX_REPLACED) {
      throw new IllegalArgumentException("too much could come in");
    }
    return text.replace(find, by);
  }

  /** Character by character as in Go, where a sharp s stays one character. */
  private static String eachCharacter(String text, IntUnaryOperator change) {
    return text.codePoints()
        .map(change)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean matches(String pattern, String text) {
    List<String> pieces = List.of(pattern.split("\\*", -1));
    String first = pieces.get(0);
    String last = pieces.get(pieces.size() - 1);
    if (pieces.size() == 1) {
      return text.equals(pattern);
    }
    if (text.length() < first.length() + last.length()
        || !text.startsWith(first)
        || !text.endsWith(last)) {
      return false;
    }
    int at = first.length();
    int end = text.length() - last.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = text.indexOf(piece, at);
      if (found < 0 || found + piece.length() > end) {
        return false;
      }
      at = found + piece.length();
    }
    return true;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
