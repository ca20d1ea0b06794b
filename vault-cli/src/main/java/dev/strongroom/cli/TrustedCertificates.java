package dev.strongroom.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates to trust instead of those of the JVM. */
final class TrustedCertificates {
  private static final long MAX_BYTES = 1024L * 1024;

  private TrustedCertificates() {}

  /**
   * Returns what connects by TLS and trusts the certificates in a file and no others.
   *
   * @param file PEM, at most 1 MiB
   * @throws IOException if it cannot be read as certificates, or holds none
   */
  static SSLContext in(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + ": larger than " + MAX_BYTES + " bytes");
    }
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int i = 0;
      for (Certificate certificate : CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
        trusted.setCertificateEntry("ca-" + i, certificate);
        i++;
      }
      if (i == 0) {
        throw new IOException(file + ": holds no certificate");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + ": cannot be read as certificates", e);
    }
  }
}
