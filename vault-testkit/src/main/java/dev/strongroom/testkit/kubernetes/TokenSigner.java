package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs claims, RS256, with the cluster's key, and reads what it has signed. */
final class TokenSigner {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys;
  private final String keyId;

  TokenSigner(KeyPair keys) {
    this.keys = keys;
    this.keyId = keyId(keys);
  }

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the API server makes them: SHA-256 of the public key's DER form. */
  private static String keyId(KeyPair keys) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(keys.getPublic().getEncoded());
      return ENCODER.encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyPair keys() {
    return keys;
  }

  String keyId() {
    return keyId;
  }

  String publicKeyPem() {
    return Pem.text("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  String sign(Map<String, ? extends @Nullable Object> claims) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "RS256");
    header.put("kid", keyId);
    String signed = encode(Payload.of(header)) + "." + encode(Payload.of(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + ENCODER.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(Payload part) {
    return ENCODER.encodeToString(part.toJson());
  }

  /** Returns the claims of a token that the cluster's key has signed. */
  Optional<Payload> verified(String token) {
    List<String> parts = List.of(token.split("\\.", -1));
    if (parts.size() != 3) {
      return Optional.empty();
    }
    try {
      Payload header = Payload.parse(Base64.getUrlDecoder().decode(parts.get(0)));
      if (!header.text("alg").equals(Optional.of("RS256"))) {
        return Optional.empty();
      }
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(keys.getPublic());
      signature.update((parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts.get(2)))
          ? Optional.of(Payload.parse(Base64.getUrlDecoder().decode(parts.get(1))))
          : Optional.empty();
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }
}
