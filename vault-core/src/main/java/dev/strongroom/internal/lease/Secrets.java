package dev.strongroom.internal.lease;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideSecret;
import java.util.Optional;
import java.util.UUID;

/** Finds who makes and destroys the secret of a lease, and what its mount allows. */
final class Secrets {
  private final Router router;
  private final TtlRules vaults;

  Secrets(Router router, TtlRules vaults) {
    this.router = router;
    this.vaults = vaults;
  }

  MountChanges mounts() {
    return router.changes();
  }

  Optional<OutsideSecret> of(LeaseRecord lease) {
    return router
        .mountOf(lease.mount())
        .flatMap(Router.Mounted::engine)
        .flatMap(engine -> engine.outsideSecrets().stream()
            .filter(secret -> secret.kind().equals(lease.kind()))
            .findFirst());
  }

  /** Returns what is said of a lease whose engine this vault does not have. */
  static OutsideFailure unknown() {
    return new OutsideFailure(
        OutsideException.Kind.RETRYABLE, "the engine that made it is not part of this vault");
  }

  /**
   * Returns a mount, and makes it a condition that it does not change.
   *
   * @throws VaultException with code {@code NOT_FOUND} if it is being unmounted
   */
  MountEntry requireActive(Transaction tx, UUID mount) {
    return router
        .changes()
        .table(tx)
        .byId(mount)
        .filter(entry -> entry.state() == MountEntry.State.ACTIVE)
        .orElseThrow(() -> new VaultException(ErrorCode.NOT_FOUND, "the mount is being removed"));
  }

  TtlRules rules(MountEntry mount) {
    return vaults.of(mount.settings());
  }
}
