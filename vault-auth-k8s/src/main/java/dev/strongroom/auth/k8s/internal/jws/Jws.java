package dev.strongroom.auth.k8s.internal.jws;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signed token in the compact form of RFC 7515, with claims (RFC 7519). Read strictly, because it
 * comes from strangers:
 *
 * <ul>
 *   <li>at most {@value #MAX_LENGTH} characters, {@value #MAX_HEADER} bytes of header,
 *       {@value #MAX_DEPTH} levels of JSON, no name twice
 *   <li>base64url as RFC 7515 has it: no padding, no other characters, no bits left over
 *   <li>an algorithm of a fixed list ({@link SignatureAlgorithm}), never {@code none} or a
 *       symmetric one
 *   <li>no header that brings a key or names a place to get it from, and none that changes what the
 *       token means
 * </ul>
 *
 * Whether anybody signed it is another question: {@link #isSignedBy}. Never printed. Immutable.
 */
public final class Jws {
  public static final int MAX_LENGTH = 16 * 1024;
  public static final int MAX_HEADER = 4 * 1024;
  public static final int MAX_DEPTH = 16;

  /** RFC 7515 section 4.1, RFC 7516, RFC 7797: keys of the sender's choice, and other meanings. */
  private static final List<String> REFUSED_HEADERS =
      List.of("jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc", "cty");

  private final SignatureAlgorithm algorithm;
  private final Payload claims;
  private final String signed;
  private final byte[] signature;

  private Jws(SignatureAlgorithm algorithm, Payload claims, String signed, byte[] signature) {
    this.algorithm = algorithm;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  /**
   * Reads a token.
   *
   * @throws UnreadableToken if it is none, or one of those that are refused
   */
  public static Jws parse(String text) throws UnreadableToken {
    if (text.length() > MAX_LENGTH) {
      throw new UnreadableToken("it has more than " + MAX_LENGTH + " characters");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new UnreadableToken("it does not consist of three parts with dots between them");
    }
    byte[] header = decoded(parts[0], "header");
    if (header.length > MAX_HEADER) {
      throw new UnreadableToken("its header has more than " + MAX_HEADER + " bytes");
    }
    SignatureAlgorithm algorithm = algorithm(object(header, "header"));
    Payload claims = object(decoded(parts[1], "claims"), "claims");
    return new Jws(algorithm, claims, parts[0] + "." + parts[1], decoded(parts[2], "signature"));
  }

  private static SignatureAlgorithm algorithm(Payload header) throws UnreadableToken {
    for (String name : REFUSED_HEADERS) {
      if (header.has(name)) {
        throw new UnreadableToken("its header has \"" + name + "\", which is refused");
      }
    }
    Optional<Object> name = header.get("alg");
    return name.filter(String.class::isInstance)
        .flatMap(text -> SignatureAlgorithm.of((String) text))
        .orElseThrow(() -> new UnreadableToken(
            "its algorithm is not one of those with a private and a public key"));
  }

  private static byte[] decoded(String part, String what) throws UnreadableToken {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      if (bytes.length > 0
          && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // as if it had other bits left over
    }
    throw new UnreadableToken("its " + what + " is empty, or no base64url without padding");
  }

  private static Payload object(byte[] utf8, String what) throws UnreadableToken {
    try {
      Payload object = Payload.parse(utf8);
      if (isDeeperThan(MAX_DEPTH, object.toMap())) {
        throw new UnreadableToken("its " + what + " has more than " + MAX_DEPTH + " levels");
      }
      return object;
    } catch (IllegalArgumentException e) {
      throw new UnreadableToken(
          "its " + what + " is not one JSON object, or has a name twice, or is too large");
    }
  }

  private static boolean isDeeperThan(int levels, @Nullable Object value) {
    Collection<?> inside;
    if (value instanceof Map<?, ?> object) {
      inside = object.values();
    } else if (value instanceof List<?> array) {
      inside = array;
    } else {
      return false;
    }
    return levels == 0 || inside.stream().anyMatch(each -> isDeeperThan(levels - 1, each));
  }

  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  /** Returns what the token says. Nobody has checked it. */
  public Payload claims() {
    return claims;
  }

  /** Returns whether the private key of {@code key} has signed the token, as its header says. */
  public boolean isSignedBy(VerificationKey key) {
    return key.verifies(algorithm, signed.getBytes(StandardCharsets.US_ASCII), signature);
  }

  @Override
  public String toString() {
    return "Jws[redacted]";
  }
}
