package dev.strongroom.auth.k8s.internal.jws;

import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The algorithms that tokens may be signed with (RFC 7518, RFC 8037). A name that is spelt another
 * way is no name of one.
 */
public enum SignatureAlgorithm {
  RS256("RS256", KeyType.RSA, "SHA256withRSA", 0),
  RS384("RS384", KeyType.RSA, "SHA384withRSA", 0),
  RS512("RS512", KeyType.RSA, "SHA512withRSA", 0),
  PS256("PS256", KeyType.RSA, "RSASSA-PSS", 256),
  PS384("PS384", KeyType.RSA, "RSASSA-PSS", 384),
  PS512("PS512", KeyType.RSA, "RSASSA-PSS", 512),
  ES256("ES256", KeyType.P256, "SHA256withECDSAinP1363Format", 0),
  ES384("ES384", KeyType.P384, "SHA384withECDSAinP1363Format", 0),
  ES512("ES512", KeyType.P521, "SHA512withECDSAinP1363Format", 0),
  EDDSA("EdDSA", KeyType.ED25519, "Ed25519", 0);

  /** Which keys fit; the curve is a part of it. */
  enum KeyType {
    RSA,
    P256,
    P384,
    P521,
    ED25519
  }

  private final String text;
  private final KeyType keyType;
  private final String jcaName;
  private final int pssBits;

  SignatureAlgorithm(String text, KeyType keyType, String jcaName, int pssBits) {
    this.text = text;
    this.keyType = keyType;
    this.jcaName = jcaName;
    this.pssBits = pssBits;
  }

  static Optional<SignatureAlgorithm> of(String text) {
    return Stream.of(values()).filter(each -> each.text.equals(text)).findFirst();
  }

  /** Returns the name that a header has. */
  public String text() {
    return text;
  }

  KeyType keyType() {
    return keyType;
  }

  Signature verifier() throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
    Signature verifier = Signature.getInstance(jcaName);
    PSSParameterSpec pss = pss();
    if (pss != null) {
      verifier.setParameter(pss);
    }
    return verifier;
  }

  private @Nullable PSSParameterSpec pss() {
    if (pssBits == 0) {
      return null;
    }
    String digest = "SHA-" + pssBits;
    return new PSSParameterSpec(
        digest,
        "MGF1",
        new MGF1ParameterSpec(digest),
        pssBits / 8,
        PSSParameterSpec.TRAILER_FIELD_BC);
  }
}
