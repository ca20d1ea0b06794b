package dev.strongroom;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a store, or a snapshot of one, tells without a key.
 *
 * @param vaultId what tells the vault in it from others, see {@link Vault#id}; empty before
 *     initialisation
 * @param createdAt when that vault was made; empty before initialisation
 * @param revision of the last commit
 * @param rows how many rows there are
 * @param dueRows how many rows there are that say when something is due
 */
public record StoreSummary(
    Optional<UUID> vaultId, Optional<Instant> createdAt, long revision, long rows, long dueRows) {
  public StoreSummary {
    Objects.requireNonNull(vaultId, "vaultId");
    Objects.requireNonNull(createdAt, "createdAt");
  }
}
