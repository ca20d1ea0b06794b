package dev.strongroom.dbsecrets.internal.sql;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What PostgreSQL stores of a password with {@code scram-sha-256}, and takes in its place, so that
 * the password is in no statement. RFC 5802 and RFC 7677, in the form of PostgreSQL's
 * {@code pg_authid}: {@code SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>}, with as
 * many iterations and salt bytes as OpenBao v2.6.2 {@code plugins/database/postgresql/scram}.
 */
public final class ScramVerifier {
  private static final int ITERATIONS = 4_096;
  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;
  private static final Pattern FORM =
      Pattern.compile("SCRAM-SHA-256\\$\\d{1,9}:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+");

  private ScramVerifier() {}

  /**
   * Makes a verifier with a new salt.
   *
   * @param password the caller's to wipe; taken as it is, without SASLprep
   */
  public static String of(char[] password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return of(password, salt);
  }

  static String of(char[] password, byte[] salt) {
    byte[] salted = salted(password, salt);
    byte[] client = hmac(salted, "Client Key");
    byte[] server = hmac(salted, "Server Key");
    try {
      Base64.Encoder base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$" + ITERATIONS + ":" + base64.encodeToString(salt) + "$"
          + base64.encodeToString(sha256(client)) + ":" + base64.encodeToString(server);
    } finally {
      Arrays.fill(salted, (byte) 0);
      Arrays.fill(client, (byte) 0);
      Arrays.fill(server, (byte) 0);
    }
  }

  static boolean looksLikeOne(String text) {
    return FORM.matcher(text).matches();
  }

  private static byte[] salted(char[] password, byte[] salt) {
    PBEKeySpec key = new PBEKeySpec(password, salt, ITERATIONS, KEY_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(key)
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has PBKDF2", e);
    } finally {
      key.clearPassword();
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
