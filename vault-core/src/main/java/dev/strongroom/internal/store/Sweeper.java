package dev.strongroom.internal.store;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.random.RandomText;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes rows that are too many for one request: those of an unmounted container, and ranges of
 * attached records. The order to do so is a record that becomes durable with the request; the
 * removal goes on behind the requests, in batches of at most {@value #MAX_ROWS} rows, and again
 * after a crash, until the last batch removes the order too. A container's values are erased before
 * that, with its secret: an order keeps only the keys that find its rows.
 */
public final class Sweeper {
  private static final int MAX_ROWS = 100;
  private static final String JOB = "sweep";
  private static final RecordKind<Order> ORDER =
      RecordKind.tree("sweep", RecordCodec.of(1, Order::write, Order::read));

  private final Transactions transactions;
  private final Barrier barrier;
  private final StorageBackend store;
  private final Background background;
  private final RandomText names;

  Sweeper(
      Transactions transactions,
      Barrier barrier,
      StorageBackend store,
      Background background,
      SecureRandom random) {
    this.transactions = transactions;
    this.barrier = barrier;
    this.store = store;
    this.background = background;
    this.names = new RandomText(random);
  }

  /** What to remove: everything, or a range of names under an owner. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Order(byte[] nameKeys, List<KindName> kinds, Optional<Range> range) {
    private void write(RecordWriter out) {
      out.bytes(nameKeys).all(kinds, (o, kind) -> o.text(kind.name).flag(kind.tree));
      out.optional(range, (o, r) -> o.text(r.owner).text(r.from).text(r.to));
    }

    private static Order read(RecordReader in) {
      return new Order(
          in.bytes(),
          in.all(i -> new KindName(i.text(), i.flag())),
          in.optional(i -> new Range(i.text(), i.text(), i.text())));
    }
  }

  private record KindName(String name, boolean tree) {}

  private record Range(String owner, String from, String to) {}

  /** Orders the removal of all rows of a container. */
  public void removeAll(Transaction tx, BarrierView container, List<RecordKind<?>> kinds) {
    order(
        tx,
        new Order(
            container.exposeNameKeys(),
            kinds.stream().map(Sweeper::nameOf).toList(),
            Optional.empty()));
  }

  void add(
      Transaction tx,
      BarrierView container,
      RecordKind<?> kind,
      String owner,
      String from,
      String to) {
    order(
        tx,
        new Order(
            container.exposeNameKeys(),
            List.of(nameOf(kind)),
            Optional.of(new Range(owner, from, to))));
  }

  private static KindName nameOf(RecordKind<?> kind) {
    return new KindName(kind.name(), kind.isTree());
  }

  private void order(Transaction tx, Order order) {
    tx.in(transactions.system()).put(ORDER.at(names.hex(16)), order);
    tx.afterCommit(revision -> resume());
  }

  /** Goes on with what is ordered, if anything is. */
  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  private Optional<Duration> step() {
    Storage orders = transactions.beginReadOnly().in(transactions.system());
    Optional<StorageException> damage = Optional.empty();
    for (String id : orders.list(ORDER, "")) {
      StorageKey<Order> key = ORDER.at(id);
      try {
        Optional<Order> order = orders.get(key);
        if (order.isPresent()) {
          carryOut(key, order.get());
          return Optional.of(Duration.ZERO);
        }
      } catch (StorageException e) { // one damaged order must not stop the others
        damage = Optional.of(e);
      }
    }
    damage.ifPresent(e -> {
      throw e;
    });
    return Optional.empty();
  }

  /** Removes up to {@value #MAX_ROWS} rows, and the order when no more are left. */
  private void carryOut(StorageKey<Order> key, Order order) {
    // A request that began before the order may still write into the container.
    transactions.awaitRunningWrites();
    try (BarrierView names = barrier.viewOfNames(order.nameKeys)) {
      List<Batch.Change> changes = new ArrayList<>();
      order.range.ifPresentOrElse(
          range -> collectRange(names, order.kinds.get(0), range, changes),
          () -> collectAll(names, order.kinds, changes));
      boolean done = changes.size() < MAX_ROWS;
      transactions.change(tx -> {
        changes.forEach(tx::add);
        if (done) {
          tx.in(transactions.system()).delete(key);
        }
      });
    }
  }

  private void collectRange(
      BarrierView names, KindName kind, Range range, List<Batch.Change> changes) {
    byte[] parent = names.children(kind.name, range.owner);
    Children.forEach(store, parent, row -> {
      if (changes.size() >= MAX_ROWS) {
        return false;
      }
      String name = nameOrEmpty(names, parent, row);
      if (Names.compare(range.from, name) <= 0 && Names.compare(name, range.to) <= 0) {
        changes.add(new Batch.Delete(RowAddress.of(parent, row)));
      }
      return true;
    });
  }

  private void collectAll(BarrierView names, List<KindName> kinds, List<Batch.Change> changes) {
    for (KindName kind : kinds) {
      if (kind.tree) {
        collectFolder(names, kinds, kind.name, "", changes);
      } else {
        collectChildren(names, kind.name, "", changes);
      }
    }
  }

  /**
   * Collects a folder from the bottom up: its row goes only after everything in it, or nobody would
   * find that any more.
   */
  private void collectFolder(
      BarrierView names,
      List<KindName> kinds,
      String tree,
      String folder,
      List<Batch.Change> changes) {
    byte[] parent = names.children(tree, folder);
    Children.forEach(store, parent, row -> {
      if (changes.size() >= MAX_ROWS) {
        return false;
      }
      String name = nameOrEmpty(names, parent, row);
      if (name.endsWith("/")) {
        collectFolder(names, kinds, tree, folder + name, changes);
      } else {
        kinds.stream()
            .filter(kind -> !kind.tree)
            .forEach(kind -> collectChildren(names, kind.name, folder + name, changes));
      }
      if (changes.size() < MAX_ROWS) {
        changes.add(new Batch.Delete(RowAddress.of(parent, row)));
      }
      return true;
    });
  }

  /** A row that somebody put there or damaged has no name; it goes with its container. */
  private static String nameOrEmpty(BarrierView names, byte[] parent, byte[] row) {
    try {
      return names.name(parent, row);
    } catch (StorageException e) {
      return "";
    }
  }

  private void collectChildren(
      BarrierView names, String kind, String owner, List<Batch.Change> changes) {
    byte[] parent = names.children(kind, owner);
    int left = MAX_ROWS - changes.size();
    if (left > 0) {
      store
          .children(parent, null, left)
          .forEach(row -> changes.add(new Batch.Delete(RowAddress.of(parent, row))));
    }
  }
}
