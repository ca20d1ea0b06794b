package dev.strongroom.auth.k8s.internal.jws;

import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.CLAIMS;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.ED25519;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.OTHER_RSA;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.P256;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.P384;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.P521;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.RSA;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.encode;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.header;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.key;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwsTest {
  static Stream<Arguments> algorithms() {
    return Stream.of(
        Arguments.of("RS256", RSA, OTHER_RSA),
        Arguments.of("RS384", RSA, OTHER_RSA),
        Arguments.of("RS512", RSA, OTHER_RSA),
        Arguments.of("PS256", RSA, OTHER_RSA),
        Arguments.of("PS384", RSA, OTHER_RSA),
        Arguments.of("PS512", RSA, OTHER_RSA),
        Arguments.of("ES256", P256, P384),
        Arguments.of("ES384", P384, P256),
        Arguments.of("ES512", P521, P256),
        Arguments.of("EdDSA", ED25519, RSA));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("algorithms")
  void signature_ofTheKey_holds(String algorithm, KeyPair key, KeyPair other) throws Exception {
    Jws jws = Jws.parse(token(algorithm, key));

    assertThat(jws.algorithm().text()).isEqualTo(algorithm);
    assertThat(jws.claims().text("sub")).contains("a");
    assertThat(jws.isSignedBy(key(key))).isTrue();
    assertThat(jws.isSignedBy(key(other))).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("algorithms")
  void signature_ofOtherClaims_doesNotHold(String algorithm, KeyPair key, KeyPair other)
      throws Exception {
    String[] parts = token(algorithm, key).split("\\.", -1);

    assertThat(Jws.parse(parts[0] + "." + encode("{\"sub\":\"b\"}") + "." + parts[2])
            .isSignedBy(key(key)))
        .isFalse();
  }

  /** The header is signed, too, and chooses nothing that the key does not fit. */
  @Test
  void header_exchanged_doesNotHold() throws Exception {
    String[] parts = token("RS256", RSA).split("\\.", -1);

    for (String algorithm : new String[] {"RS384", "PS256", "ES256", "EdDSA"}) {
      Jws jws = Jws.parse(encode(header(algorithm)) + "." + parts[1] + "." + parts[2]);
      assertThat(jws.isSignedBy(key(RSA))).as(algorithm).isFalse();
    }
  }

  @Test
  void curve_anotherThanTheAlgorithms_doesNotHold() throws Exception {
    String es256ByP384 = token(header("ES256"), CLAIMS, SignatureAlgorithm.ES384, P384);

    assertThat(Jws.parse(es256ByP384).isSignedBy(key(P384))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"none", "None", "nOnE", "HS256", "HS512", "rs256", "RS256 ", "", "ES256K"})
  void algorithm_notOfTheList_isRefused(String algorithm) {
    String token = encode(header(algorithm)) + "." + encode(CLAIMS) + "." + encode("x");

    assertThatThrownBy(() -> Jws.parse(token))
        .isInstanceOf(UnreadableToken.class)
        .hasMessageContaining("algorithm");
  }

  @Test
  void algorithm_none_withoutSignature_isRefused() {
    assertThatThrownBy(() -> Jws.parse(encode(header("none")) + "." + encode(CLAIMS) + "."))
        .isInstanceOf(UnreadableToken.class);
    assertThatThrownBy(() -> Jws.parse(encode(header("RS256")) + "." + encode(CLAIMS) + "."))
        .isInstanceOf(UnreadableToken.class)
        .hasMessageContaining("signature");
  }

  @Test
  void hmac_withThePublicKey_isRefused() {
    String pem = SignedTokens.pem(RSA.getPublic());

    assertThatThrownBy(() -> Jws.parse(SignedTokens.hmacWithPublicKey("HS256", pem)))
        .isInstanceOf(UnreadableToken.class);
  }

  @Test
  void hmac_namedAsRsa_doesNotHold() throws Exception {
    String pem = SignedTokens.pem(RSA.getPublic());

    assertThat(Jws.parse(SignedTokens.hmacWithPublicKey("RS256", pem)).isSignedBy(key(RSA)))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"jku\":\"https://evil.example\"",
        "\"jwk\":{\"kty\":\"RSA\"}",
        "\"x5u\":\"https://evil.example\"",
        "\"x5c\":[\"MII\"]",
        "\"crit\":[\"exp\"]",
        "\"crit\":null",
        "\"zip\":\"DEF\"",
        "\"enc\":\"A256GCM\"",
        "\"b64\":false",
        "\"alg\":\"RS256\""
      })
  void header_withMembersThatDecide_isRefused(String member) {
    String header = "{\"alg\":\"RS256\"," + member + "}";
    String token = token(header, CLAIMS, SignatureAlgorithm.RS256, RSA);

    assertThatThrownBy(() -> Jws.parse(token)).isInstanceOf(UnreadableToken.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"RS256\"]", "256", "null", "{}"})
  void algorithm_ofAnotherType_isRefused(String algorithm) {
    String token = token("{\"alg\":" + algorithm + "}", CLAIMS, SignatureAlgorithm.RS256, RSA);

    assertThatThrownBy(() -> Jws.parse(token)).isInstanceOf(UnreadableToken.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"a\",\"sub\":\"b\"}",
        "{\"sub\":\"a\",\"\\u0073ub\":\"b\"}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "[]",
        "\"a\"",
        "{\"a\":1}{}",
        "{\"a\":1",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":1e999}",
        "\ufeff{}"
      })
  void claims_thatAreNotOneObjectWithNamesOnce_areRefused(String claims) {
    String token = token(header("RS256"), claims, SignatureAlgorithm.RS256, RSA);

    assertThatThrownBy(() -> Jws.parse(token))
        .isInstanceOf(UnreadableToken.class)
        .hasMessageContaining("claims");
  }

  @Test
  void claims_atTheDeepestLevel_areRead_andNoDeeper() throws Exception {
    assertThat(Jws.parse(withDepth(Jws.MAX_DEPTH)).claims().has("a")).isTrue();
    for (int depth : new int[] {Jws.MAX_DEPTH + 1, 65, 1000}) {
      assertThatThrownBy(() -> Jws.parse(withDepth(depth))).isInstanceOf(UnreadableToken.class);
    }
  }

  private static String withDepth(int levels) {
    String claims = "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
    return encode(header("RS256")) + "." + encode(claims) + "." + encode("x");
  }

  @Test
  void length_beyondTheLimit_isRefused() throws Exception {
    String shorter = encode(header("RS256")) + "." + encode(CLAIMS) + ".";
    String longest = shorter + "A".repeat(Jws.MAX_LENGTH - shorter.length());

    assertThat(longest.length() % 4).isNotNegative();
    assertThatThrownBy(() -> Jws.parse(longest + "AAAA"))
        .isInstanceOf(UnreadableToken.class)
        .hasMessageContaining("16384");
    String header = "{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(Jws.MAX_HEADER) + "\"}";
    assertThatThrownBy(() -> Jws.parse(token(header, CLAIMS, SignatureAlgorithm.RS256, RSA)))
        .isInstanceOf(UnreadableToken.class)
        .hasMessageContaining("header");
  }

  static Stream<String> misspelt() {
    String good = token("RS256", RSA);
    String[] parts = good.split("\\.", -1);
    return Stream.of(
        "",
        ".",
        "..",
        "...",
        "a.b",
        "abc",
        good + ".",
        good + ".a",
        " " + good,
        good + "\n",
        good + "=",
        parts[0] + "=." + parts[1] + "." + parts[2],
        parts[0] + "." + parts[1] + "." + parts[2].replace(parts[2].charAt(3), '+'),
        parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "é",
        encode(header("RS256")) + "." + encode(CLAIMS) + ".AB"); // bits left over
  }

  @ParameterizedTest
  @MethodSource("misspelt")
  void form_otherThanCompact_isRefused(String text) {
    assertThatThrownBy(() -> Jws.parse(text)).isInstanceOf(UnreadableToken.class);
  }

  /** CVE-2022-21449, and its relatives. */
  @Test
  void ecdsaSignature_outOfRange_doesNotHold() throws Exception {
    BigInteger order = ((ECPublicKey) P256.getPublic()).getParams().getOrder();
    byte[] n = Arrays.copyOfRange(order.toByteArray(), 1, 33);
    byte[] all = new byte[64];
    String signed = encode(header("ES256")) + "." + encode(CLAIMS) + ".";

    assertThat(Jws.parse(signed + encode(all)).isSignedBy(key(P256))).isFalse();
    System.arraycopy(n, 0, all, 0, 32);
    System.arraycopy(n, 0, all, 32, 32);
    assertThat(Jws.parse(signed + encode(all)).isSignedBy(key(P256))).isFalse();
    all[63] = 1;
    assertThat(Jws.parse(signed + encode(all)).isSignedBy(key(P256))).isFalse();
  }

  @Test
  void ecdsaSignature_ofAnotherLength_doesNotHold() throws Exception {
    String[] parts = token("ES256", P256).split("\\.", -1);
    byte[] signature = Base64.getUrlDecoder().decode(parts[2]);

    for (int length : new int[] {1, 63, 65, 66, 72, 128}) {
      byte[] other = Arrays.copyOf(signature, length);
      assertThat(Jws.parse(parts[0] + "." + parts[1] + "." + encode(other)).isSignedBy(key(P256)))
          .as("%d bytes", length)
          .isFalse();
    }
  }

  @Test
  void message_ofAFailure_holdsNothingOfTheToken() {
    String secret = "c2VjcmV0LWNhbmFyeQ";
    for (String text : new String[] {secret, secret + "." + secret + "." + secret, secret + ".."}) {
      assertThatThrownBy(() -> Jws.parse(text))
          .isInstanceOf(UnreadableToken.class)
          .message()
          .doesNotContain("canary", secret);
    }
  }

  @Test
  void toString_showsNoToken() throws Exception {
    assertThat(Jws.parse(token("RS256", RSA))).hasToString("Jws[redacted]");
  }
}
