package dev.strongroom.auth.k8s.internal.jws;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts that are nearly tokens: read, or refused without a word of them; signed as they were, or
 * not.
 */
class JwsFuzzTest {
  private static final int MUTATIONS = 200;

  private static final String[] PIECES = {
    "alg", "RS256", "none", "HS256", "ES256", "crit", "jwk", ".", "..", "=", "{", "}", "[", "\"",
    "\\u0061", "eyJ", "null", "\0", "é", "\uD83D", ",", ":", "1e400", "AA"
  };

  private static final String TOKEN = SignedTokens.token("RS256", SignedTokens.RSA);
  private static final VerificationKey KEY = SignedTokens.key(SignedTokens.RSA);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void parse_mutatedToken_isRefusedOrUnsigned(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      requireOrderly(mutated(random, TOKEN));
      requireOrderly(ofParts(
          mutated(random, SignedTokens.header("RS256")), mutated(random, SignedTokens.CLAIMS)));
    }
  }

  static Stream<byte[]> texts() {
    return Stream.of(
            TOKEN,
            SignedTokens.token("ES256", SignedTokens.P256),
            "a.b.c",
            ofParts("{\"alg\":\"none\"}", "{}"),
            ofParts("{\"alg\":\"RS256\",\"alg\":\"ES256\"}", "{\"a\":[[[[]]]]}"))
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void parse_anyBytes_isRefusedOrUnsigned(byte[] text) {
    requireOrderly(new String(text, StandardCharsets.UTF_8));
  }

  private static String ofParts(String header, String claims) {
    return SignedTokens.encode(header) + "." + SignedTokens.encode(claims) + "."
        + SignedTokens.encode("s");
  }

  private static void requireOrderly(String text) {
    try {
      Jws jws = Jws.parse(text);
      assertThat(text.split("\\.", -1)).hasSize(3);
      assertThat(jws.isSignedBy(KEY)).as(text).isEqualTo(text.equals(TOKEN));
    } catch (UnreadableToken e) {
      assertThat(e.getMessage()).startsWith("it");
    }
  }

  private static String mutated(Random random, String from) {
    StringBuilder text = new StringBuilder(from);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int start = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), start + random.nextInt(6));
      String piece = PIECES[random.nextInt(PIECES.length)];
      switch (random.nextInt(3)) {
        case 0 -> text.delete(start, end);
        case 1 -> text.replace(start, end, piece);
        default -> text.insert(start, piece);
      }
    }
    return text.toString();
  }
}
