package dev.strongroom.dbsecrets.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ScramVerifierTest {
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String EXCHANGE = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=" + NONCE
      + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=" + NONCE;

  /** The exchange of RFC 7677, section 3: both proofs are those of the verifier's keys. */
  @Test
  void of_passwordAndSaltOfTheRfc_provesBothSides() throws GeneralSecurityException {
    String verifier = ScramVerifier.of("pencil".toCharArray(), bytes("W22ZaJ0SNY7soEsUEjb6gQ=="));
    List<String> parts = List.of(verifier.split("[$:]", -1));
    assertThat(parts.subList(0, 3))
        .containsExactly("SCRAM-SHA-256", "4096", "W22ZaJ0SNY7soEsUEjb6gQ==");
    byte[] storedKey = bytes(parts.get(3));
    byte[] clientKey = xor(hmac(storedKey), bytes("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
    assertThat(MessageDigest.getInstance("SHA-256").digest(clientKey)).isEqualTo(storedKey);
    assertThat(hmac(bytes(parts.get(4))))
        .isEqualTo(bytes("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private static byte[] hmac(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(EXCHANGE.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] xor(byte[] first, byte[] second) {
    byte[] both = first.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] ^= second[i];
    }
    return both;
  }

  @Test
  void of_samePasswordTwice_hasAnotherSalt() {
    SecureRandom random = new SecureRandom();
    char[] password = "pä'ss".toCharArray();
    String first = ScramVerifier.of(password, random);
    assertThat(ScramVerifier.looksLikeOne(first)).isTrue();
    assertThat(first).isNotEqualTo(ScramVerifier.of(password, random));
    assertThat(password).isEqualTo("pä'ss".toCharArray());
  }
}
