package dev.strongroom;

import java.util.Objects;
import java.util.Optional;

/**
 * How far a vault is open.
 *
 * @param initialized whether keys exist and were handed out
 * @param sealed whether requests are refused; true before initialisation
 * @param sealType {@code shamir}, {@code static}, or what another {@link dev.strongroom.spi.Seal}
 *     calls itself
 * @param shares the number of shares and the threshold; empty before initialisation
 * @param given distinct shares given towards unsealing so far; 0 when unsealed
 * @param nonce identifies the running attempt to unseal; empty when none runs
 * @param migrating whether the store still has another seal than the builder names: shares then go
 *     to {@link Vault#migrateSeal}
 */
public record SealStatus(
    boolean initialized,
    boolean sealed,
    String sealType,
    Optional<KeyShares> shares,
    int given,
    Optional<String> nonce,
    boolean migrating) {
  public SealStatus {
    Objects.requireNonNull(sealType, "sealType");
    Objects.requireNonNull(shares, "shares");
    Objects.requireNonNull(nonce, "nonce");
  }
}
