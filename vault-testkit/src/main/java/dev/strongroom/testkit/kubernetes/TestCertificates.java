package dev.strongroom.testkit.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * Two authorities, and one TLS context for each certificate that the server can show. Thread-safe.
 */
final class TestCertificates {
  private static final String BEGIN = "20000101000000Z";
  private static final String PAST = "20000102000000Z";

  /** RFC 5280 4.1.2.5: for a certificate that has no end. */
  private static final String NEVER = "99991231235959Z";

  private static final List<GeneralName> HERE = List.of(
      new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
      new GeneralName(GeneralName.dNSName, "localhost"),
      new GeneralName(GeneralName.dNSName, "kubernetes.default.svc"));
  private static final List<GeneralName> ELSEWHERE =
      List.of(new GeneralName(GeneralName.dNSName, "elsewhere.example.com"));

  /** Made once in a process, and only what is needed: keys take most of the time of a start. */
  static final TestCertificates SHARED = new TestCertificates();

  private final Authority own = Authority.named("strongroom-test-kubernetes-ca");

  @GuardedBy("this")
  private final Map<ServerCertificate, SSLContext> contexts =
      new EnumMap<>(ServerCertificate.class);

  @GuardedBy("this")
  private @Nullable Authority other;

  private TestCertificates() {}

  String ca() {
    return own.pem();
  }

  String otherCa() {
    return other().pem();
  }

  private synchronized Authority other() {
    Authority made = other == null ? Authority.named("strongroom-test-other-ca") : other;
    other = made;
    return made;
  }

  /** Each context remembers its own sessions, so that none goes on under another certificate. */
  synchronized SSLContext context(ServerCertificate certificate) {
    return contexts.computeIfAbsent(certificate, this::newContext);
  }

  private SSLContext newContext(ServerCertificate certificate) {
    return switch (certificate) {
      case GOOD -> own.server(HERE, NEVER);
      case OF_ANOTHER_CA -> other().server(HERE, NEVER);
      case FOR_ANOTHER_HOST -> own.server(ELSEWHERE, NEVER);
      case EXPIRED -> own.server(HERE, PAST);
    };
  }

  /** Who signs. */
  private record Authority(X500Name name, KeyPair keys, String pem) {

    static Authority named(String text) {
      X500Name name = new X500Name("CN=" + text);
      KeyPair keys = newKeys();
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      add(extensions, Extension.basicConstraints, true, new BasicConstraints(0));
      add(
          extensions,
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      byte[] der = signed(name, keys, name, keys, NEVER, extensions.generate());
      return new Authority(name, keys, Pem.text("CERTIFICATE", der));
    }

    SSLContext server(List<GeneralName> names, String end) {
      KeyPair serverKeys = newKeys();
      ExtensionsGenerator extensions = new ExtensionsGenerator();
      add(
          extensions,
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
      add(
          extensions,
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      byte[] der = signed(
          new X500Name("CN=kube-apiserver"), serverKeys, name, keys, end, extensions.generate());
      return context(serverKeys, der);
    }
  }

  private static void add(
      ExtensionsGenerator extensions,
      ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value) {
    try {
      extensions.addExtension(kind, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] signed(
      X500Name subject,
      KeyPair subjectKeys,
      X500Name issuer,
      KeyPair issuerKeys,
      String end,
      Extensions extensions) {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
    content.setSerialNumber(new ASN1Integer(new BigInteger(127, new SecureRandom())));
    content.setSubject(subject);
    content.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(subjectKeys.getPublic().getEncoded()));
    content.setIssuer(issuer);
    content.setStartDate(new Time(new ASN1GeneralizedTime(BEGIN)));
    content.setEndDate(new Time(new ASN1GeneralizedTime(end)));
    content.setExtensions(extensions);
    content.setSignature(algorithm);
    try {
      TBSCertificate toSign = content.generateTBSCertificate();
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(issuerKeys.getPrivate());
      signature.update(toSign.getEncoded());
      ASN1EncodableVector parts = new ASN1EncodableVector();
      parts.add(toSign);
      parts.add(algorithm);
      parts.add(new DERBitString(signature.sign()));
      return new DERSequence(parts).getEncoded();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext context(KeyPair keys, byte[] der) {
    char[] password = new char[0];
    try {
      Certificate certificate = CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      store.setKeyEntry("server", keys.getPrivate(), password, new Certificate[] {certificate});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
