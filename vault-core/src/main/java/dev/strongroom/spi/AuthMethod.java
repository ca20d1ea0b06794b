package dev.strongroom.spi;

import dev.strongroom.request.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The auth method of one mount: an engine some of whose routes are logins, see
 * {@link Route#onLogin}. Thread-safe.
 */
public interface AuthMethod extends SecretEngine {

  /**
   * A token that one of this method's logins has made.
   *
   * @param policies of the token, sorted, without {@code default}
   * @param metadata as they were granted
   * @param data what the method gave itself for this moment, see {@link LoginGrant#data()}
   * @param origin where it is renewed from; empty inside the process
   */
  record IssuedToken(
      List<String> policies,
      Map<String, String> metadata,
      Map<String, String> data,
      Optional<Origin> origin) {
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

  /**
   * What has to be asked outside the vault before a token is renewed, such as whether its owner is
   * still there.
   */
  @FunctionalInterface
  interface OutsideCheck {
    /**
     * Asks. Runs outside every transaction, and may take its time, within bounds of its own:
     * nothing but the renewal waits for it.
     *
     * @return whether what the answer rests on is still so in the storage of the mount, which is
     *     read only. It is asked in the transaction that renews, and may be asked again
     * @throws dev.strongroom.VaultException if the token must not be renewed; a
     *     {@link LoginRefused} has a reason for the log
     */
    Predicate<Storage> ask();
  }

  /**
   * Says what has to be asked before a token is renewed that {@link #renew} would renew. When the
   * answer is there, {@code renew} is called again.
   *
   * @param storage of the mount, to be read only
   * @return empty, as by default, if nothing is to be asked
   */
  default Optional<OutsideCheck> beforeRenewal(Storage storage, IssuedToken token) {
    return Optional.empty();
  }
}
