package dev.strongroom.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Opens one message again and again: AES-256-GCM of the JDK, a pool of ciphers, nothing else. */
final class PooledGcm {
  private static final byte[] ASSOCIATED_DATA =
      "container, kind and path of a record".getBytes(StandardCharsets.US_ASCII);

  private final SecretKeySpec key;
  private final byte[] nonce = new byte[12];
  private final byte[] sealed;
  private final ArrayBlockingQueue<Cipher> pool = new ArrayBlockingQueue<>(4);

  PooledGcm(int bytes) {
    byte[] keyBytes = new byte[32];
    SecureRandom random = new SecureRandom();
    random.nextBytes(keyBytes);
    random.nextBytes(nonce);
    key = new SecretKeySpec(keyBytes, "AES");
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
      cipher.updateAAD(ASSOCIATED_DATA);
      sealed = cipher.doFinal(new byte[bytes]);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  byte[] open() {
    try {
      Cipher pooled = pool.poll();
      Cipher cipher = pooled == null ? Cipher.getInstance("AES/GCM/NoPadding") : pooled;
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
      cipher.updateAAD(ASSOCIATED_DATA);
      byte[] opened = cipher.doFinal(sealed);
      pool.offer(cipher);
      return opened;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
