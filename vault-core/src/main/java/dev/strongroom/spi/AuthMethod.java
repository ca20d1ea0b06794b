package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The auth method of one mount: an engine some of whose routes are logins, see
 * {@link Route#onLogin}. Thread-safe.
 */
@Beta(until = "Kubernetes login uses it")
public interface AuthMethod extends SecretEngine {

  /**
   * A token that one of this method's logins has made.
   *
   * @param policies of the token, sorted, without {@code default}
   * @param metadata as they were granted
   * @param data what the method gave itself for this moment, see {@link LoginGrant#data()}
   */
  record IssuedToken(
      List<String> policies, Map<String, String> metadata, Map<String, String> data) {
    public IssuedToken {
      policies = List.copyOf(policies);
      metadata = Map.copyOf(metadata);
      data = Map.copyOf(data);
    }
  }

  /**
   * What a token may have when it is renewed. Zero: the mount's, or none.
   *
   * @param period not zero: it lives so long from now, without end
   */
  record Lifetimes(Duration ttl, Duration maxTtl, Duration period) {}

  /**
   * Says what a token may have now that it is renewed, as the method's configuration is now.
   *
   * @param storage of the mount, to be read only
   * @return empty if there is nothing left to be renewed, such as when the user is gone: the token
   *     stays as it is then, and ends in its time
   * @throws dev.strongroom.VaultException if it must not be renewed
   */
  Optional<Lifetimes> renew(Storage storage, IssuedToken token);
}
