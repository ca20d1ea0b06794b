package dev.strongroom.internal.token;

import dev.strongroom.internal.due.DueIndex;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenRecord.State;
import java.time.Instant;
import java.util.Base64;

/**
 * Ends tokens when their time has come. The index only hints: the token's own record says when it
 * expires, and an entry that comes too early moves to that moment. Requests do not wait for this:
 * they refuse an expired token by themselves.
 */
final class TokenExpiry implements DueIndex.Handler {
  private final Transactions transactions;
  private final TokenStore tokens;
  private final DueIndex due;

  TokenExpiry(Transactions transactions, TokenStore tokens, DueIndex due) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.due = due;
    due.handle(DueIndex.Kind.TOKEN, this);
  }

  /** Adds an entry to the index, with the token's own change. */
  void watch(Transaction tx, String hash, Instant expiresAt) {
    due.add(tx, DueIndex.Kind.TOKEN, Base64.getUrlDecoder().decode(hash), hash, expiresAt);
  }

  @Override
  public void settle(Transaction tx, String hash, Instant now) {
    tx.in(transactions.system())
        .get(TokenStore.TOKEN.at("", hash))
        .filter(token -> token.state() == State.ACTIVE)
        .ifPresent(token -> token.expiresAt().ifPresent(expiresAt -> {
          if (now.isBefore(expiresAt)) {
            watch(tx, hash, expiresAt);
          } else {
            tokens.revokeTree(tx, hash);
          }
        }));
  }
}
