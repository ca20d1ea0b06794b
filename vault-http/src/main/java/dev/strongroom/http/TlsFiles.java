package dev.strongroom.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificate and the private key of a server, as PEM files. They are read again when they
 * change, so that a certificate can be renewed without a restart.
 *
 * @param certificates the server's certificate, behind it those that lead to its root
 * @param key PKCS #8, unencrypted: {@code BEGIN PRIVATE KEY}
 */
public record TlsFiles(Path certificates, Path key) {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** What the files held at one moment. */
  record Content(List<X509Certificate> chain, PrivateKey key) {
    @Override
    public String toString() {
      return "Content[redacted]";
    }
  }

  /**
   * Reads both files.
   *
   * @throws IOException if they cannot be read or do not hold what they should; never with a word
   *     of the key
   */
  Content read() throws IOException {
    try (InputStream in = Files.newInputStream(certificates)) {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new IOException("no certificate in " + certificates);
      }
      PublicKey publicKey = chain.get(0).getPublicKey();
      PrivateKey privateKey = privateKey(publicKey.getAlgorithm());
      if (!belongTogether(privateKey, publicKey)) {
        throw notTogether();
      }
      return new Content(chain, privateKey);
    } catch (GeneralSecurityException e) {
      throw new IOException("no certificates in PEM in " + certificates, e);
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  private IOException notTogether() {
    return new IOException(
        "the key in " + key + " does not belong to the certificate in " + certificates);
  }

  /** One file may have been replaced and the other not yet. */
  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) { // of another length or curve
      return false;
    }
  }

  /** Returns when the files were changed last. */
  List<FileTime> changedAt() throws IOException {
    try {
      return List.of(Files.getLastModifiedTime(certificates), Files.getLastModifiedTime(key));
    } catch (NoSuchFileException e) {
      throw missing(e);
    }
  }

  private static IOException missing(NoSuchFileException e) {
    return new IOException("there is no file " + e.getFile());
  }

  private PrivateKey privateKey(String algorithm) throws IOException {
    byte[] file = Files.readAllBytes(key);
    byte[] der = {};
    try {
      Matcher pem = PRIVATE_KEY.matcher(new String(file, StandardCharsets.ISO_8859_1));
      if (!pem.find()) {
        throw new IOException("no unencrypted PKCS #8 key (BEGIN PRIVATE KEY) in " + key);
      }
      der = Base64.getMimeDecoder().decode(pem.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw notTogether();
    } finally {
      Arrays.fill(file, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }
}
