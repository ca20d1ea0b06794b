package dev.strongroom.auth.k8s.internal.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.auth.k8s.internal.api.ApiServer;
import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.auth.k8s.internal.api.Turns;
import dev.strongroom.auth.k8s.internal.jws.VerificationKey;
import dev.strongroom.request.Origin;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.Storage;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of a mount, as the configuration is: its API, the keys of its tokens, and who asks.
 * Connections are kept as long as address and authorities are the same. Thread-safe.
 */
final class Cluster implements AutoCloseable {
  private final MethodOptions options;
  private final SharedBounds bounds;
  private final LocalFiles files;
  private final Turns turns;
  private final Turns renewalTurns;
  private final ReentrantLock lock = new ReentrantLock();

  // Replaced under the lock.
  private volatile @Nullable Connected connected;
  private volatile @Nullable Keys keys;
  private volatile @Nullable ConfigRecord last;
  private volatile boolean closed;

  /** Those that others took the place of, until their questions are answered. */
  @GuardedBy("lock")
  private final Set<ApiServer> retired = new HashSet<>();

  private record Connected(String host, String ca, ApiServer api) {
    boolean isOf(String otherHost, String otherCa) {
      return host.equals(otherHost) && ca.equals(otherCa);
    }
  }

  private record Keys(String version, TokenKeys keys) {}

  /** Who asks the API. */
  enum ReviewerKind {
    CONFIGURED,
    POD,
    /** Whoever logs in. */
    CALLER
  }

  record Reviewer(ReviewerKind kind, SecretText token) {}

  Cluster(MethodOptions options, SharedBounds bounds, LocalFiles files) {
    this.options = options;
    this.bounds = bounds;
    this.files = files;
    this.turns = new Turns(options.limits(), bounds.questions());
    this.renewalTurns = new Turns(options.limits(), bounds.renewals());
  }

  /** Returns what tells one caller from others; empty for one inside the process. */
  static String callerOf(Optional<Origin> origin) {
    return origin.map(from -> Cidr.ofClient(from.address()).toString()).orElse("");
  }

  /** Returns the configuration as a transaction has it; empty if none was written. */
  Optional<ConfigRecord> config(Storage storage) {
    Optional<ConfigRecord> config = ConfigRecord.find(storage, last);
    config.ifPresent(found -> last = found);
    return config;
  }

  LocalFiles files() {
    return files;
  }

  /**
   * Returns the API that a configuration means.
   *
   * @throws IOException if its authorities are in a file that cannot be read, or it is one without
   *     TLS and may not be
   */
  ApiServer api(ConfigRecord config) throws IOException {
    if (ApiServer.isUnencrypted(config.host()) && !options.allows(Relaxation.UNENCRYPTED_API)) {
      throw new IOException("kubernetes_host is not https");
    }
    String ca = config.caCert().isEmpty() ? files.ca() : config.caCert();
    Connected current = connected;
    return current != null && current.isOf(config.host(), ca)
        ? current.api
        : connect(config.host(), ca);
  }

  private ApiServer connect(String host, String ca) {
    lock.lock();
    try {
      Connected current = connected;
      if (current != null && current.isOf(host, ca)) {
        return current.api;
      }
      ApiServer api = new ApiServer(host, ca, options.limits(), turns, renewalTurns);
      if (closed) {
        api.close();
        return api;
      }
      connected = new Connected(host, ca, api);
      retired.removeIf(ApiServer::isIdle);
      if (current != null) {
        current.api.retire();
        retired.add(current.api);
      }
      return api;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the keys that tokens must be signed with; none: any. */
  TokenKeys keys(ConfigRecord config) {
    Keys current = keys;
    if (current == null || !current.version.equals(config.version())) {
      current = new Keys(
          config.version(),
          new TokenKeys(
              config.pemKeys().stream().map(VerificationKey::parse).toList(), bounds.signatures()));
      keys = current;
    }
    return current.keys;
  }

  /**
   * Returns the vault's own token for the API; empty if it has none. Nobody gave that of the pod
   * away who wrote the configuration, so it goes over TLS only.
   */
  Optional<Reviewer> reviewer(ConfigRecord config) {
    if (config.reviewerJwt().isPresent()) {
      return config.reviewerJwt().map(token -> new Reviewer(ReviewerKind.CONFIGURED, token));
    }
    return config.disableLocalCaJwt() || ApiServer.isUnencrypted(config.host())
        ? Optional.empty()
        : files.token().map(token -> new Reviewer(ReviewerKind.POD, token));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      Connected current = connected;
      connected = null;
      if (current != null) {
        current.api.close();
      }
      retired.forEach(ApiServer::close);
      retired.clear();
    } finally {
      lock.unlock();
    }
  }
}
