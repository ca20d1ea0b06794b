package dev.strongroom.internal.system;

import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.token.TtlRules;

/**
 * The limits of tokens that {@code auth/token} makes: its mount's, where it is tuned, else the
 * vault's.
 */
final class TokenLifetimes {
  private static final String PATH = "auth/token/";

  private final MountChanges mounts;
  private final TtlRules vaults;

  TokenLifetimes(MountChanges mounts, TtlRules vaults) {
    this.mounts = mounts;
    this.vaults = vaults;
  }

  /** Returns the mount of {@code auth/token}. */
  MountEntry mount(Transaction tx) {
    return mounts.table(tx).at(PATH).orElseThrow();
  }

  TtlRules rules(Transaction tx) {
    return vaults.of(mount(tx).settings());
  }
}
