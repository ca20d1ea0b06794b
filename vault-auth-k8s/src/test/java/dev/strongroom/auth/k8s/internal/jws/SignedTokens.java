package dev.strongroom.auth.k8s.internal.jws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens, good ones and others, and the keys that they are signed with. */
final class SignedTokens {
  static final KeyPair RSA = rsa(2048);
  static final KeyPair OTHER_RSA = rsa(2048);
  static final KeyPair P256 = ec("secp256r1");
  static final KeyPair P384 = ec("secp384r1");
  static final KeyPair P521 = ec("secp521r1");
  static final KeyPair ED25519 = generate("Ed25519", null);
  static final String CLAIMS = "{\"sub\":\"a\"}";

  private SignedTokens() {}

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ec(String curve) {
    return generate("EC", new ECGenParameterSpec(curve));
  }

  private static KeyPair generate(String algorithm, AlgorithmParameterSpec parameters) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (parameters != null) {
        generator.initialize(parameters);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String encode(String json) {
    return encode(json.getBytes(StandardCharsets.UTF_8));
  }

  static String header(String algorithm) {
    return "{\"alg\":\"" + algorithm + "\",\"kid\":\"k1\"}";
  }

  static String token(String algorithm, KeyPair key) {
    return token(header(algorithm), CLAIMS, SignatureAlgorithm.of(algorithm).orElseThrow(), key);
  }

  static String token(String header, String claims, SignatureAlgorithm algorithm, KeyPair key) {
    String signed = encode(header) + "." + encode(claims);
    try {
      Signature signer = algorithm.verifier();
      signer.initSign(key.getPrivate());
      signer.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The classic confusion: a public key taken for the secret of an HMAC. */
  static String hmacWithPublicKey(String algorithm, String pem) {
    String signed = encode(header(algorithm)) + "." + encode(CLAIMS);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(pem.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(PublicKey key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  static VerificationKey key(KeyPair keys) {
    return VerificationKey.parse(pem(keys.getPublic()));
  }
}
