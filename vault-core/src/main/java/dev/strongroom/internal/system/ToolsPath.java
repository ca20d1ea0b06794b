package dev.strongroom.internal.system;

import static dev.strongroom.internal.system.SystemCall.refused;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Handler;
import dev.strongroom.spi.Route;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code sys/tools}: random bytes and hashes for callers that trust the vault's more than their
 * own. Same rules and texts as OpenBao v2.6.2 {@code helper/random} and
 * {@code vault/logical_system.go}.
 */
final class ToolsPath {
  private static final int DEFAULT_BYTES = 32;
  private static final int MAX_BYTES = 131_072;
  private static final String PLATFORM = "platform";
  private static final Set<String> SOURCES = Set.of(PLATFORM, "seal", "all");

  /** What callers call an algorithm, and what the JDK does. */
  private static final Map<String, String> ALGORITHMS = Map.of(
      "sha2-224", "SHA-224",
      "sha2-256", "SHA-256",
      "sha2-384", "SHA-384",
      "sha2-512", "SHA-512",
      "sha3-224", "SHA3-224",
      "sha3-256", "SHA3-256",
      "sha3-384", "SHA3-384",
      "sha3-512", "SHA3-512");

  private final SecureRandom random;

  ToolsPath(SecureRandom random) {
    this.random = random;
  }

  List<Route> routes() {
    return List.of(
        random("tools/random", call -> random(call, PLATFORM, "")),
        random("tools/random/{source}", call -> sourceOrCount(call, call.captured("source"))),
        random(
            "tools/random/{source}/{urlbytes}",
            call -> random(call, call.captured("source"), call.captured("urlbytes"))),
        hash("tools/hash", call -> hash(call, call.text("algorithm").orElse("sha2-256"))),
        hash("tools/hash/{algorithm}", call -> hash(call, call.captured("algorithm"))));
  }

  private static Route random(String pattern, Handler handler) {
    return Route.at(pattern, "Random bytes.")
        .field("bytes", FieldType.INTEGER, "How many: 1 to 131072; default 32.")
        .field("format", FieldType.TEXT, "base64, the default, or hex.")
        .on(Operation.UPDATE, handler);
  }

  private static Route hash(String pattern, Handler handler) {
    return Route.at(pattern, "The hash of some bytes.")
        .field("input", FieldType.TEXT, "The bytes, in base64.")
        .field("algorithm", FieldType.TEXT, "sha2-256, the default, or another SHA-2 or SHA-3.")
        .field("format", FieldType.TEXT, "hex, the default, or base64.")
        .on(Operation.UPDATE, handler);
  }

  /** {@code tools/random/platform} and {@code tools/random/16}. */
  private Response sourceOrCount(Call call, String segment) {
    return SOURCES.contains(segment) ? random(call, segment, "") : random(call, PLATFORM, segment);
  }

  private Response random(Call call, String source, String countInPath) {
    if (!SOURCES.contains(source)) {
      return refused("unsupported entropy source; must be \"platform\", \"seal\" or \"all\"");
    }
    long count;
    try {
      count = countInPath.isEmpty() ? countGiven(call) : Integer.parseInt(countInPath);
    } catch (NumberFormatException e) {
      return refused("error parsing url-set byte count: not a number");
    }
    if (count < 1) {
      return refused("'bytes' cannot be less than 1");
    }
    if (count > MAX_BYTES) {
      return refused("'bytes' should be less than " + MAX_BYTES);
    }
    String format = call.text("format").orElse("base64");
    if (!isFormat(format)) {
      return unsupported(format);
    }
    byte[] bytes = new byte[(int) count];
    try {
      random.nextBytes(bytes);
      Response made = Response.of(Payload.of(Map.of("random_bytes", encode(bytes, format))));
      return source.equals(PLATFORM)
          ? made
          : made.withWarning("the seal is no source of randomness here: the platform's was used");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static long countGiven(Call call) {
    return call.has("bytes") ? call.integer("bytes").orElse(0) : DEFAULT_BYTES;
  }

  private static Response hash(Call call, String algorithm) {
    byte[] input;
    try {
      input = Base64.getDecoder().decode(call.text("input").orElse(""));
    } catch (IllegalArgumentException e) { // its text quotes the input
      return refused("unable to decode input as base64: not standard base64 with padding");
    }
    try {
      String format = call.text("format").orElse("hex");
      String name = ALGORITHMS.get(algorithm);
      if (name == null) {
        return refused("unsupported algorithm " + shortened(algorithm));
      }
      if (!isFormat(format)) {
        return unsupported(format);
      }
      byte[] sum = MessageDigest.getInstance(name).digest(input);
      return Response.of(Payload.of(Map.of("sum", encode(sum, format))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-2 and SHA-3 are part of every JDK", e);
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }

  private static boolean isFormat(String format) {
    return format.equals("hex") || format.equals("base64");
  }

  private static Response unsupported(String format) {
    return refused(
        "unsupported encoding format \"" + shortened(format) + "\"; must be \"hex\" or \"base64\"");
  }

  private static String encode(byte[] bytes, String format) {
    return format.equals("hex")
        ? HexFormat.of().formatHex(bytes)
        : Base64.getEncoder().encodeToString(bytes);
  }

  /** Returns what an answer repeats of a caller's text. */
  private static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }
}
