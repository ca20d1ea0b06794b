package dev.strongroom;

import dev.strongroom.internal.unsealed.UnsealedVault;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * A session of a caller inside this process. It keeps a token alive, and gets another one where
 * sealing outlasted the token.
 */
final class HostSession extends RenewedSession {
  private static final Logger LOG = System.getLogger("dev.strongroom");

  private final Vault vault;
  private final String name;
  private final List<String> policies;

  HostSession(Vault vault, String name, List<String> policies) {
    super(vault);
    this.vault = vault;
    this.name = name;
    this.policies = policies;
  }

  /**
   * Begins the token's period again, or gets a token if there is none or it has ended, and sees to
   * the next time. Waits for the store without the lock: a store that fails seals the vault, which
   * waits for its sessions.
   */
  void renew(UnsealedVault open) {
    ClientToken before = tokenIfOpen();
    if (isClosed()) {
      return;
    }
    ClientToken now = before != null && open.renewHostToken(before, Vault.HOST_PERIOD)
        ? before
        : open.createHostToken(name, policies, Vault.HOST_PERIOD);
    if (keep(now)) {
      scheduleRenewal(Vault.HOST_PERIOD.dividedBy(2));
    } else {
      open.revoke(now);
    }
  }

  /** A sealed vault renews its sessions when it is unsealed. */
  @Override
  void renewIfUnsealed() {
    UnsealedVault open = vault.unsealedOrNull();
    if (open == null) {
      return;
    }
    try {
      renew(open);
      vault.listeners().resume();
    } catch (VaultException e) {
      LOG.log(
          Level.WARNING,
          "the token of the host " + name + " could not be renewed; next try in a minute",
          e);
      scheduleRenewal(RETRY);
    }
  }

  @Override
  void revoke(ClientToken last) {
    vault.revokeQuietly(last, "the host " + name);
  }
}
