package dev.strongroom.internal.token;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the tokens of removed entities, behind the requests, so that leases and cubbyholes end with
 * them; they are refused already. Nothing finds tokens by their entity, so this goes over all of
 * them, a page a step, once for all entities that were removed before it began. The orders go
 * behind the last page, so after a crash at any moment it begins anew.
 */
final class EntityEnding {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final String JOB = "tokens of removed entities";
  private static final int PAGE = 100;
  private static final int MAX_ENTITIES = 10_000;
  private static final RecordKind<Boolean> ORDER =
      RecordKind.attached("removed-entity", RecordCodec.of(1, (mark, out) -> {}, in -> true));

  private final Transactions transactions;
  private final TokenStore tokens;
  private final Background background;

  /** Steps take turns, on any thread. */
  private volatile @Nullable Walk underWay;

  /** How far the tokens were looked at. For one thread at a time. */
  private static final class Walk {
    private final Set<String> removed;
    private byte @Nullable [] last;
    private boolean missedSome;

    Walk(Set<String> removed) {
      this.removed = removed;
    }
  }

  EntityEnding(Transactions transactions, TokenStore tokens, Background background) {
    this.transactions = transactions;
    this.tokens = tokens;
    this.background = background;
  }

  /** Orders the end of an entity's tokens, with the change that removes it: none is added then. */
  void order(Transaction tx, String entityId) {
    tx.in(transactions.system()).put(ORDER.at("", entityId), true);
    tx.afterCommit(revision -> resume());
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  private Optional<Duration> step() {
    Walk walk = underWay;
    if (walk == null) {
      List<String> removed = transactions.someNames(transactions.system(), ORDER, "", MAX_ENTITIES);
      if (removed.isEmpty()) {
        return Optional.empty();
      }
      walk = new Walk(Set.copyOf(removed));
      underWay = walk;
    }
    Transactions.Page page =
        transactions.page(transactions.system(), TokenStore.TOKEN, "", walk.last, PAGE);
    endTheirs(walk, page.names());
    walk.last = page.last();
    return walk.last == null ? ended(walk) : Optional.of(Duration.ZERO);
  }

  private void endTheirs(Walk walk, List<String> hashes) {
    List<String> theirs = transactions.read(tx -> hashes.stream()
        .filter(hash -> isTheirs(walk, tx.in(transactions.system()), hash))
        .toList());
    if (!theirs.isEmpty()) {
      transactions.change(tx -> theirs.forEach(hash -> tokens.revokeTree(tx, hash)));
    }
  }

  /** One damaged record must not keep the others. */
  private static boolean isTheirs(Walk walk, Storage storage, String hash) {
    try {
      return storage
          .get(TokenStore.TOKEN.at("", hash))
          .flatMap(TokenRecord::entityId)
          .filter(walk.removed::contains)
          .isPresent();
    } catch (StorageException e) {
      LOG.log(Level.ERROR, "a token was not looked at: " + e.getMessage());
      walk.missedSome = true;
      return false;
    }
  }

  /** Where some could not be read, the orders stay for the next time. */
  private Optional<Duration> ended(Walk walk) {
    if (!walk.missedSome) {
      transactions.change(tx -> walk.removed.forEach(
          entityId -> tx.in(transactions.system()).delete(ORDER.at("", entityId))));
    }
    underWay = null;
    return walk.missedSome ? Optional.empty() : Optional.of(Duration.ZERO);
  }
}
