package dev.strongroom.internal.token;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.cubbyhole.Cubbyholes;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Removes what is left of ended tokens, behind the requests, {@value #MAX_TOKENS} tokens or entries
 * of their cubbyholes a batch: children before parents, a cubbyhole before its token, the token
 * that was ended last, so that a crash at any moment leaves an order that finds the rest.
 */
final class TokenRemoval {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "token removal";
  private static final int MAX_TOKENS = 100;
  private static final RecordKind<Boolean> ORDER =
      RecordKind.attached("ended", RecordCodec.of(1, (mark, out) -> {}, in -> true));

  private final Transactions transactions;
  private final TokenStore tokens;
  private final Cubbyholes cubbyholes;
  private final TokenStore.Dependents dependents;
  private final Background background;

  TokenRemoval(
      Transactions transactions,
      TokenStore tokens,
      Cubbyholes cubbyholes,
      TokenStore.Dependents dependents,
      Background background) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.cubbyholes = cubbyholes;
    this.dependents = dependents;
    this.background = background;
  }

  /** Orders the removal of a token that has just been ended, with the change that ends it. */
  void order(Transaction tx, String hash) {
    tx.in(transactions.system()).put(ORDER.at("", hash), true);
    tx.afterCommit(revision -> resume());
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  private Optional<Duration> step() {
    List<String> ended = some(ORDER, "", MAX_TOKENS);
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    int removed = transactions.write(tx -> {
      int budget = MAX_TOKENS;
      for (String top : ended) {
        budget -= budget > 0 ? removeSomeIfReadable(tx, top, budget) : 0;
      }
      return MAX_TOKENS - budget;
    });
    if (removed == 0) {
      throw new StorageException("records of ended tokens cannot be read");
    }
    return Optional.of(Duration.ZERO);
  }

  /** One damaged record must not stop the removal of others. */
  private int removeSomeIfReadable(Transaction tx, String top, int budget) {
    try {
      return removeSome(tx, top, budget);
    } catch (StorageException e) {
      LOG.log(Level.ERROR, "what is left of an ended token stays for now: " + e.getMessage());
      return 0;
    }
  }

  /** Removes up to {@code budget} tokens of what {@code top} has ended; returns how many. */
  private int removeSome(Transaction tx, String top, int budget) {
    Storage storage = tx.in(transactions.system());
    Optional<TokenRecord> token = storage.get(TokenStore.TOKEN.at("", top));
    if (token.isEmpty()) {
      storage.delete(ORDER.at("", top));
      return 1;
    }
    return token.get().state() == State.RELEASED
        ? release(tx, top, token.get(), budget)
        : removeBelow(tx, top, token.get(), budget);
  }

  /** Cuts children loose; when none is left, erases the token itself. */
  private int release(Transaction tx, String top, TokenRecord token, int budget) {
    List<String> children = some(TokenStore.CHILD, top, budget);
    letGo(tx, top, children);
    return children.isEmpty() ? eraseTop(tx, top, token, budget) : children.size();
  }

  private void letGo(Transaction tx, String parent, List<String> children) {
    Storage storage = tx.in(transactions.system());
    children.forEach(child -> {
      storage
          .get(TokenStore.TOKEN.at("", child))
          .ifPresent(record -> tokens.put(tx, child, record.orphaned()));
      storage.delete(TokenStore.CHILD.at(parent, child));
    });
  }

  /**
   * Goes down to a token whose children have no children, and erases these; in the end, the top.
   * Where it comes to a token that was ended alone, that one's children are not the top's any more.
   */
  private int removeBelow(Transaction tx, String top, TokenRecord token, int budget) {
    Storage storage = tx.in(transactions.system());
    String current = top;
    List<String> children = some(TokenStore.CHILD, current, budget);
    if (children.isEmpty()) {
      return eraseTop(tx, top, token, budget);
    }
    for (Optional<String> deeper = parentAmong(children);
        deeper.isPresent();
        deeper = parentAmong(children)) {
      current = deeper.get();
      children = some(TokenStore.CHILD, current, budget);
      boolean endedAlone = storage
          .get(TokenStore.TOKEN.at("", current))
          .filter(record -> record.state() == State.RELEASED)
          .isPresent();
      if (endedAlone) {
        letGo(tx, current, children);
        return children.size();
      }
    }
    int done = 0;
    for (String child : children) {
      if (done < budget) {
        Optional<TokenRecord> record = storage.get(TokenStore.TOKEN.at("", child));
        int kept = record.isEmpty() ? 0 : empty(tx, child, record.get(), budget - done);
        if (kept == 0) {
          record.ifPresent(found -> tokens.erase(tx, child, found));
          storage.delete(TokenStore.CHILD.at(current, child));
        }
        done += Math.max(1, kept);
      }
    }
    return done;
  }

  private Optional<String> parentAmong(List<String> children) {
    return children.stream()
        .filter(child -> !some(TokenStore.CHILD, child, 1).isEmpty())
        .findFirst();
  }

  /** Ends what the token kept for itself, and when nothing of that is left the token. */
  private int eraseTop(Transaction tx, String top, TokenRecord token, int budget) {
    int kept = empty(tx, top, token, budget);
    if (kept > 0) {
      return kept;
    }
    tokens.erase(tx, top, token);
    tx.in(transactions.system()).delete(ORDER.at("", top));
    return 1;
  }

  /**
   * Removes entries of a token's cubbyhole, then orders the end of what depends on it, and returns
   * how many there were: none, or try again.
   */
  private int empty(Transaction tx, String hash, TokenRecord token, int max) {
    int entries = cubbyholes.removeSome(tx, token.cubbyholeId(), max);
    return entries > 0 ? entries : dependents.end(tx, hash, max);
  }

  private List<String> some(RecordKind<?> kind, String owner, int max) {
    return transactions.someNames(transactions.system(), kind, owner, max);
  }
}
