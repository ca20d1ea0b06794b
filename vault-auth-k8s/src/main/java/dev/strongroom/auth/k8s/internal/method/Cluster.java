package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.ApiServer;
import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.auth.k8s.internal.api.Turns;
import dev.strongroom.auth.k8s.internal.jws.VerificationKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of a mount, as the configuration is: its API, the keys of its tokens, and who asks.
 * Connections are kept as long as address and authorities are the same. Thread-safe.
 */
final class Cluster implements AutoCloseable {
  private final MethodOptions options;
  private final LocalFiles files;
  private final Turns turns;
  private final ReentrantLock lock = new ReentrantLock();

  // Replaced under the lock.
  private volatile @Nullable Connected connected;
  private volatile @Nullable Keys keys;
  private volatile boolean closed;

  private record Connected(String host, String ca, ApiServer api) {
    boolean isOf(String otherHost, String otherCa) {
      return host.equals(otherHost) && ca.equals(otherCa);
    }
  }

  private record Keys(String version, List<VerificationKey> keys) {}

  /** Who asks the API. */
  enum ReviewerKind {
    CONFIGURED,
    POD,
    /** Whoever logs in. */
    CALLER
  }

  record Reviewer(ReviewerKind kind, SecretText token) {}

  Cluster(MethodOptions options, LocalFiles files) {
    this.options = options;
    this.files = files;
    this.turns = new Turns(options.limits());
  }

  LocalFiles files() {
    return files;
  }

  /**
   * Returns the API that a configuration means.
   *
   * @throws IOException if its authorities are in a file that cannot be read
   */
  ApiServer api(ConfigRecord config) throws IOException {
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
      ApiServer api = new ApiServer(host, ca, options.limits(), turns);
      if (closed) {
        api.close();
        return api;
      }
      connected = new Connected(host, ca, api);
      if (current != null) {
        current.api.retire();
      }
      return api;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the keys that tokens must be signed with; none: any. */
  List<VerificationKey> keys(ConfigRecord config) {
    Keys current = keys;
    if (current == null || !current.version.equals(config.version())) {
      current = new Keys(
          config.version(),
          config.pemKeys().stream().map(VerificationKey::parse).toList());
      keys = current;
    }
    return current.keys;
  }

  /** Returns the vault's own token for the API; empty if it has none. */
  Optional<Reviewer> reviewer(ConfigRecord config) {
    if (config.reviewerJwt().isPresent()) {
      return config.reviewerJwt().map(token -> new Reviewer(ReviewerKind.CONFIGURED, token));
    }
    return config.disableLocalCaJwt()
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
    } finally {
      lock.unlock();
    }
  }
}
