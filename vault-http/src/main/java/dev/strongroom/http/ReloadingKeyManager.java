package dev.strongroom.http;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the certificate of {@link TlsFiles}, the new one as soon as both files have changed. A pair
 * that cannot be used leaves the old one in place. A handshake that has begun keeps the pair it
 * began with. Thread-safe.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = System.getLogger("dev.strongroom.http");

  private final TlsFiles files;
  private volatile Pair current;

  /** When files were changed that cannot be used: they are tried, and told of, once. */
  private @Nullable List<FileTime> refused;

  /** A pair, and the name that a handshake knows it by. */
  private record Pair(
      String alias,
      List<FileTime> changedAt,
      TlsFiles.Content content,
      @Nullable Pair before) {
    /** One handshake may have begun with the pair before. */
    Pair next(List<FileTime> at, TlsFiles.Content fresh) {
      Pair old = new Pair(alias, changedAt, content, null);
      return new Pair(String.valueOf(Long.parseLong(alias) + 1), at, fresh, old);
    }
  }

  /**
   * Reads the files.
   *
   * @throws IOException if they cannot be used
   */
  ReloadingKeyManager(TlsFiles files) throws IOException {
    this.files = files;
    List<FileTime> changedAt = files.changedAt();
    this.current = new Pair("1", changedAt, files.read(), null);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Pair pair = pair(alias);
    return pair == null ? null : pair.content.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Pair pair = pair(alias);
    return pair == null ? null : pair.content.key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = choose(keyType);
    return alias == null ? new String[0] : new String[] {alias};
  }

  /** A server shows no certificate of a client. */
  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[0];
  }

  private @Nullable String choose(String keyType) {
    Pair pair = newest();
    return keyType.startsWith(pair.content.key().getAlgorithm()) ? pair.alias : null;
  }

  private @Nullable Pair pair(String alias) {
    Pair pair = current;
    if (pair.alias.equals(alias)) {
      return pair;
    }
    Pair before = pair.before;
    return before != null && before.alias.equals(alias) ? before : null;
  }

  private synchronized Pair newest() {
    List<FileTime> changedAt = List.of(); // what a missing file counts as
    try {
      changedAt = files.changedAt();
      if (!changedAt.equals(current.changedAt) && !changedAt.equals(refused)) {
        current = current.next(changedAt, files.read());
        LOG.log(Level.INFO, "the certificate in " + files.certificates() + " is in use now");
      }
    } catch (IOException e) {
      if (!changedAt.equals(refused)) {
        LOG.log(Level.WARNING, "the certificate before stays in use: " + e.getMessage());
      }
      refused = changedAt;
    }
    return current;
  }
}
