package dev.strongroom.auth.k8s.internal.jws;

import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.RSA;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationKeyTest {
  /** Of another library: RSA of 2,048 bits, signed by itself. */
  private static final String CERTIFICATE = """
      -----BEGIN CERTIFICATE-----
      MIICmTCCAYGgAwIBAgIBATANBgkqhkiG9w0BAQsFADAPMQ0wCwYDVQQDDAR0ZXN0
      MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAPMQ0wCwYDVQQDDAR0
      ZXN0MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkZeuF5RLTAfvwLTp
      5wXQqoNolGMme37ie/bE3bpgpVxa5Jau+ZrAKz9UG+9eHr+ulL+T8MJ31Wcnp4uj
      72ViAqhXndTjP/kZ/xkSRCgt22JmLbiXPnjH3nRhVxiFFI+eyaPdyZ4C/qjeuZ6x
      04qsMv1WQr/YJ3XCd8sVzzjXwb5wb6PC6n6ejwHgrKNOSLE7wagEFKpCK3VlxX4Y
      q0sClikyP2Cb3T+wvsubDArJ8TwgZ+gOsbqn7DH2dj+lWo3EtmXjwckryUHYIjiL
      nTPuJwOnV+FdJS42GOIpP3KLroz8GggxbfRUyMD0La032riu8Btt0g2O+/zKBDAD
      gkyTYQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQAsNhBRsuFCmxM/hSq42K+nDmrd
      HcFqs9u6Gfl9kGhDN/fxyDTJ/A+2jjhW90206Q/kWeuzX8V/r6FiV/lV7dEYOOhk
      1vyyYcgrhUSYpZlLOurwqfUSoyv/FPuKXOO/0EoNZRTHQhg6VaRDDaXk+nfebLp9
      sPlQ5+NTGv3mmXSZbJ+8F+6pWRx2kBrHCL3faoE52JylKXmQRx3TxlziooQpmrn7
      60WQi0G7BD178gumC9qIz1p72vagG94EbVXDh4BVPGeV34VILVJW8/uw7qJZHqLg
      LI8OI5CMkrwZB7HzPdApsA+n6wwDJju/jsB2X8Amz54Er8liFnBKrA761cfr
      -----END CERTIFICATE-----
      """;

  @Test
  void parse_certificate_takesItsKey() {
    assertThat(VerificationKey.parse(CERTIFICATE)).hasToString("VerificationKey[RSA]");
  }

  @Test
  void parse_textBeforeTheBlock_isLookedOver() {
    assertThat(VerificationKey.parse("kid: 1\n" + pem(RSA.getPublic())))
        .hasToString("VerificationKey[RSA]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bad",
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nA=AA\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
      })
  void parse_whatIsNoKey_isRefusedAsTheReferenceDoes(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(text))
        .withMessage("data does not contain any valid public keys");
  }

  @Test
  void parse_twoKeys_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(pem(RSA.getPublic()) + pem(RSA.getPublic())))
        .withMessage("unexpected trailing data after parsed PEM block");
  }

  @Test
  void parse_weakKeys_areRefusedWithTheRange() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(pem(SignedTokens.rsa(1024).getPublic())))
        .withMessage("RSA keys have 2048 to 8192 bits, but one has 1024");
    KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(pem(ed448.generateKeyPair().getPublic())));
  }
}
