package dev.strongroom.internal.token;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Ends tokens when their time has come. The index of due rows only hints: the token's own record
 * says when it expires, and an entry that comes too early moves to that moment. Requests do not
 * wait for this: they refuse an expired token by themselves.
 */
final class TokenExpiry {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "token expiry";
  private static final int PAGE = 100;

  /** What is due, sealed: which token an entry belongs to is nobody's business. */
  private static final RecordKind<byte[]> DUE = RecordKind.secretAttached("due");

  private final Transactions transactions;
  private final TokenStore tokens;
  private final Background background;

  TokenExpiry(Transactions transactions, TokenStore tokens, Background background) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.background = background;
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  /** Adds an entry to the index, with the token's own change. */
  void watch(Transaction tx, String hash, Instant expiresAt) {
    byte[] id = Arrays.copyOf(Base64.getUrlDecoder().decode(hash), DueRow.ID_BYTES);
    BarrierView system = transactions.system();
    byte[] reference = system.seal(key(id), hash.getBytes(StandardCharsets.US_ASCII));
    tx.add(new Batch.DueAdd(new DueRow(dueSecond(expiresAt), id, reference)));
    tx.afterCommit(revision -> background.schedule(
        JOB, Duration.between(transactions.clock().instant(), expiresAt), this::step));
  }

  private Optional<Duration> step() {
    Duration wait = transactions.clock().destructiveWorkWaits();
    if (!wait.isZero()) {
      return Optional.of(wait);
    }
    Instant now = transactions.clock().instant();
    List<DueRow> due = transactions.due(now.getEpochSecond(), PAGE);
    if (!due.isEmpty()) {
      transactions.change(tx -> due.forEach(row -> settleIfReadable(tx, row, now)));
      return Optional.of(Duration.ZERO);
    }
    return transactions.due(Long.MAX_VALUE, 1).stream()
        .findFirst()
        .map(next -> Duration.between(now, Instant.ofEpochSecond(next.atSeconds())));
  }

  /** One damaged token must not stop the others; it is refused as it is. */
  private void settleIfReadable(Transaction tx, DueRow row, Instant now) {
    tx.add(new Batch.DueRemove(row.atSeconds(), row.id()));
    try {
      settle(tx, row, now);
    } catch (StorageException e) {
      LOG.log(Level.ERROR, "a token that is due cannot be read: " + e.getMessage());
    }
  }

  private void settle(Transaction tx, DueRow row, Instant now) {
    Storage storage = tx.in(transactions.system());
    token(row).ifPresent(hash -> storage
        .get(TokenStore.TOKEN.at("", hash))
        .filter(token -> token.state() == State.ACTIVE)
        .ifPresent(token -> token.expiresAt().ifPresent(expiresAt -> {
          if (now.isBefore(expiresAt)) {
            watch(tx, hash, expiresAt);
          } else {
            tokens.revokeTree(tx, hash);
          }
        })));
  }

  private Optional<String> token(DueRow row) {
    try {
      byte[] hash = transactions.system().open(key(row.id()), row.reference());
      return Optional.of(new String(hash, StandardCharsets.US_ASCII));
    } catch (StorageException e) {
      // One bad row must not stop the others; what it pointed at expires without it.
      LOG.log(Level.ERROR, "an entry of the expiry index was removed: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static StorageKey<byte[]> key(byte[] id) {
    return DUE.at("", HexFormat.of().formatHex(id));
  }

  /** Rounded up, so that at the due second the token has expired. */
  private static long dueSecond(Instant expiresAt) {
    return expiresAt.getNano() == 0 ? expiresAt.getEpochSecond() : expiresAt.getEpochSecond() + 1;
  }
}
