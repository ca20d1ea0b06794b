package dev.strongroom.auth.k8s.internal.jws;

import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.RSA;
import static dev.strongroom.auth.k8s.internal.jws.SignedTokens.pem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
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

  private static final String PSS_CERTIFICATE = """
      -----BEGIN CERTIFICATE-----
      MIIDIzCCAdegAwIBAgIIUKR+uMq83YcwQQYJKoZIhvcNAQEKMDSgDzANBglghkgB
      ZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEgMAwxCjAI
      BgNVBAMTAWEwIBcNMjYxMTI2MTYzNTQ1WhgPMjEyNjExMDIxNjM1NDVaMAwxCjAI
      BgNVBAMTAWEwggEgMAsGCSqGSIb3DQEBCgOCAQ8AMIIBCgKCAQEAvjygp9zotaho
      NiHmSJRxyrabNXgL5t5Z2Jo26qaneqPHlkxfAQavSQcG/DXyAUyhdgP5JULL2naX
      R1cJIQ34CJKq9rl1I6NVKV4hU8g017S5NryOqjgRF+sxESwk+j6pDasoCD6G0r7k
      uyCR6elXOmM4OUUNEfAGUwj9TAr13PAbpfBNAMRHIytkfqYHKShYUF9x6gl3FcVV
      IfRdXtw5nH8OXDVFrVR8aZWdwABZVM5oM+5K0jaRTd1jMa1ldjViuZP54eBtjKPM
      Ztl48Zqm9p9DO6PXtEMd+XdGKd41sz20Y4S0UxFL2vb+piM1//h260Ei2UQBlu2t
      Md4SBhwyCQIDAQABoyEwHzAdBgNVHQ4EFgQUawXfOx3NBdnUTGGcWCoptWQresgw
      QQYJKoZIhvcNAQEKMDSgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDAN
      BglghkgBZQMEAgEFAKIDAgEgA4IBAQB35huzLHWa0uTT8VjOu3vMOZdEO0ET3YrE
      9nxgu2kmR1jG79dyebSehewetwlHogq8F6a+Ns5RoREknHnLtPmbvq8vqv9u48ic
      x4WXCDtbH4bn1O8biyJC/J7jys93nVMozTlK58HJo8eGA8m5/54n7i5r9a82anMA
      2bbYOTgdYI5US0g1mR0L90H5HksdJxtyiCpb+Uww9Ab+hpBDlnVU8+siHqbsUQN8
      R5/MLw2FfznnadSwB5eT08ftvekDKwHmoFBKhXFC6ATFSMePavCXIMHJ0ph20bfG
      TiD1SJMJsTvJ3TbjueVlmhs6MKIqszchMwy1H2N2ijcsvUqNcikE
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
        .withMessage("RSA keys have 2048 to 4096 bits, but one has 1024");
    KeyPairGenerator ed448 = KeyPairGenerator.getInstance("Ed448");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(pem(ed448.generateKeyPair().getPublic())));
  }

  @Test
  void parse_certificateOfAKeyForPssOnly_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerificationKey.parse(PSS_CERTIFICATE))
        .withMessage("RSA keys that are for RSASSA-PSS only are not taken");
  }

  @Test
  void parse_pointThatIsNotOnItsCurve_isRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    ECPublicKey good = (ECPublicKey) generator.generateKeyPair().getPublic();
    assertThat(VerificationKey.parse(pem(good))).hasToString("VerificationKey[P256]");
    byte[] der = good.getEncoded();
    der[der.length - 1] ^= 1;
    String bad = "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";

    assertThatIllegalArgumentException().isThrownBy(() -> VerificationKey.parse(bad));
  }
}
