package dev.strongroom.auth.k8s.internal.jws;

import dev.strongroom.auth.k8s.internal.jws.SignatureAlgorithm.KeyType;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A public key that tokens are checked with: RSA of 2,048 to 4,096 bits, the curves P-256, P-384
 * and P-521, Ed25519. Immutable.
 */
public final class VerificationKey {
  static final int MIN_RSA_BITS = 2048;
  static final int MAX_RSA_BITS = 4096;

  private static final String NO_KEY = "data does not contain any valid public keys";

  private static final Pattern PEM = Pattern.compile(
      "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----\\s*");

  private final PublicKey key;
  private final KeyType type;

  private VerificationKey(PublicKey key, KeyType type) {
    this.key = key;
    this.type = type;
  }

  /**
   * Reads one key, or that of one certificate.
   *
   * @throws IllegalArgumentException with a text for whoever wrote it, the reference's where it has
   *     one
   */
  public static VerificationKey parse(String pem) {
    Matcher block = PEM.matcher(pem);
    if (!block.find()) {
      throw new IllegalArgumentException(NO_KEY);
    }
    if (block.end() != pem.length()) {
      throw new IllegalArgumentException("unexpected trailing data after parsed PEM block");
    }
    byte[] der;
    try {
      der = Base64.getDecoder().decode(block.group(2).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(NO_KEY, e);
    }
    PublicKey key = block.group(1).equals("CERTIFICATE") ? ofCertificate(der) : ofKey(der);
    return new VerificationKey(key, requireStrong(key));
  }

  private static PublicKey ofCertificate(byte[] der) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der))
          .getPublicKey();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(NO_KEY, e);
    }
  }

  private static PublicKey ofKey(byte[] der) {
    for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // of another kind, perhaps
      }
    }
    throw new IllegalArgumentException(NO_KEY);
  }

  private static KeyType requireStrong(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      if (!key.getAlgorithm().equals("RSA")) {
        throw new IllegalArgumentException("RSA keys that are for RSASSA-PSS only are not taken");
      }
      int bits = rsa.getModulus().bitLength();
      if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
        throw new IllegalArgumentException(
            "RSA keys have " + MIN_RSA_BITS + " to " + MAX_RSA_BITS + " bits, but one has " + bits);
      }
      return KeyType.RSA;
    }
    if (key instanceof ECPublicKey ec) {
      return NistCurve.of(ec).orElseThrow(VerificationKey::unknownCurve);
    }
    if (key instanceof EdECPublicKey ed) {
      if (ed.getParams().getName().equals("Ed25519")) {
        return KeyType.ED25519;
      }
      throw unknownCurve();
    }
    throw new IllegalArgumentException(NO_KEY);
  }

  private static IllegalArgumentException unknownCurve() {
    return new IllegalArgumentException("the curves of keys are P-256, P-384, P-521 and Ed25519");
  }

  boolean verifies(SignatureAlgorithm algorithm, byte[] signed, byte[] signature) {
    if (algorithm.keyType() != type || !hasItsForm(signature)) {
      return false;
    }
    try {
      Signature verifier = algorithm.verifier();
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // so malformed that it is not even wrong
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm.text() + " is not usable in this JVM", e);
    }
  }

  /** RFC 7518 section 3.4: r and s with leading zeros, and neither of them out of range. */
  private boolean hasItsForm(byte[] signature) {
    if (key instanceof RSAPublicKey rsa) {
      return signature.length == (rsa.getModulus().bitLength() + 7) / 8;
    }
    if (key instanceof ECPublicKey ec) {
      BigInteger order = ec.getParams().getOrder();
      int size = (order.bitLength() + 7) / 8;
      return signature.length == 2 * size
          && isInRange(Arrays.copyOfRange(signature, 0, size), order)
          && isInRange(Arrays.copyOfRange(signature, size, 2 * size), order);
    }
    return signature.length == 64;
  }

  private static boolean isInRange(byte[] bytes, BigInteger order) {
    BigInteger number = new BigInteger(1, bytes);
    return number.signum() > 0 && number.compareTo(order) < 0;
  }

  @Override
  public String toString() {
    return "VerificationKey[" + type + "]";
  }
}
