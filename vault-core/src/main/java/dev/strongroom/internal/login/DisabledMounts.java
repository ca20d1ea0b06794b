package dev.strongroom.internal.login;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.identity.IdentityStore;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Removes what logins at disabled mounts have left, behind the requests, {@value #MAX_ROWS} rows a
 * batch: tokens, which are of no use any more, and aliases. The order is one record, which goes
 * with the last of them, so a crash at any moment leaves an order that finds the rest.
 */
final class DisabledMounts {
  private static final String JOB = "disabled auth methods";
  private static final int MAX_ROWS = 100;
  private static final RecordKind<Boolean> ORDER =
      RecordKind.attached("disabled-auth", RecordCodec.of(1, (mark, out) -> {}, in -> true));

  private final Transactions transactions;
  private final TokenStore tokens;
  private final IdentityStore identities;
  private final Background background;

  DisabledMounts(
      Transactions transactions,
      TokenStore tokens,
      IdentityStore identities,
      Background background) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.identities = identities;
    this.background = background;
  }

  /** Orders the removal, with the change that disables the mount. */
  void order(Transaction tx, String mountAccessor) {
    tx.in(transactions.system()).put(key(mountAccessor), true);
    tx.afterCommit(revision -> resume());
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  private Optional<Duration> step() {
    List<String> disabled = transactions.someNames(transactions.system(), ORDER, "", 1);
    if (disabled.isEmpty()) {
      return Optional.empty();
    }
    // A login that began before may still end.
    transactions.awaitRunningWrites();
    transactions.change(tx -> removeSome(tx, disabled.get(0)));
    return Optional.of(Duration.ZERO);
  }

  private void removeSome(Transaction tx, String mountAccessor) {
    int removed = tokens.removeSomeOfLogins(tx, mountAccessor, MAX_ROWS);
    if (removed == 0) {
      removed = identities.removeSomeAliases(tx, mountAccessor, MAX_ROWS);
    }
    if (removed == 0) {
      tx.in(transactions.system()).delete(key(mountAccessor));
    }
  }

  private static StorageKey<Boolean> key(String mountAccessor) {
    return ORDER.at("", mountAccessor);
  }
}
