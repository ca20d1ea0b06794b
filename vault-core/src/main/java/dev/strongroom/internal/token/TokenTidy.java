package dev.strongroom.internal.token;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at every token, behind the requests, for what only damage can leave behind: an accessor or
 * an entry among the children without a token, and a token whose parent is gone. Nobody can use
 * these; tidying only makes room. It is not resumed after a restart.
 */
final class TokenTidy {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "token tidy";
  private static final int PAGE = 100;

  private final Transactions transactions;
  private final TokenStore tokens;
  private final Background background;
  private final AtomicBoolean running = new AtomicBoolean();

  TokenTidy(Transactions transactions, TokenStore tokens, Background background) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.background = background;
  }

  /** Begins; false if it is under way already. */
  boolean start() {
    if (!running.compareAndSet(false, true)) {
      return false;
    }
    Queue<String> accessors = new ArrayDeque<>();
    background.schedule(JOB, Duration.ZERO, () -> {
      accessors.addAll(
          transactions.read(tx -> tx.in(transactions.system()).list(TokenStore.ACCESSOR, "")));
      background.schedule(JOB, Duration.ZERO, () -> step(accessors));
      return Optional.empty();
    });
    return true;
  }

  private Optional<Duration> step(Queue<String> accessors) {
    for (int i = 0; i < PAGE && !accessors.isEmpty(); i++) {
      String accessor = accessors.remove();
      try {
        transactions.change(tx -> look(tx, accessor));
      } catch (StorageException e) {
        LOG.log(Level.ERROR, "tidying left a token as it is: " + e.getMessage());
      }
    }
    if (accessors.isEmpty()) {
      running.set(false);
      return Optional.empty();
    }
    return Optional.of(Duration.ZERO);
  }

  private void look(Transaction tx, String accessor) {
    Storage storage = tx.in(transactions.system());
    Optional<String> hash = storage.get(TokenStore.ACCESSOR.at("", accessor));
    Optional<TokenRecord> token = hash.flatMap(at -> storage.get(TokenStore.TOKEN.at("", at)));
    if (token.isEmpty()) {
      storage.delete(TokenStore.ACCESSOR.at("", accessor));
      return;
    }
    boolean parentGone = token
        .get()
        .parent()
        .filter(parent -> storage.get(TokenStore.TOKEN.at("", parent)).isEmpty())
        .isPresent();
    if (parentGone && token.get().state() == State.ACTIVE) {
      tokens.revokeTree(tx, hash.orElseThrow());
    }
    transactions
        .someNames(transactions.system(), TokenStore.CHILD, hash.orElseThrow(), PAGE)
        .stream()
        .filter(child -> storage.get(TokenStore.TOKEN.at("", child)).isEmpty())
        .forEach(child -> storage.delete(TokenStore.CHILD.at(hash.orElseThrow(), child)));
  }
}
