package dev.strongroom.internal.lease;

import static dev.strongroom.ErrorCode.OUTSIDE_FAILED;

import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.request.Response;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Unmounts engines whose secrets are outside: first the mount stops answering, then its leases end,
 * then its data go. A lease that cannot be revoked stops it there; it goes on when that one is
 * gone, also after a crash.
 */
final class Unmounting {
  private static final String JOB = "unmounting";
  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int BATCH = 100;

  private final Transactions transactions;
  private final LeaseRows rows;
  private final Revocation revocation;
  private final Router router;
  private final Background background;

  Unmounting(
      Transactions transactions,
      LeaseRows rows,
      Revocation revocation,
      Router router,
      Background background) {
    this.transactions = transactions;
    this.rows = rows;
    this.revocation = revocation;
    this.router = router;
    this.background = background;
  }

  void resume() {
    background.schedule(JOB, Duration.ZERO, this::step);
  }

  Response unmount(Transaction tx, String path) {
    MountChanges mounts = router.changes();
    Optional<MountEntry> entry = mounts.table(tx).at(path);
    if (entry.isEmpty() || !mayHaveLeases(tx, entry.get())) {
      mounts.unmount(tx, path);
      return Response.empty();
    }
    UUID mount = entry.get().uuid();
    mounts.beginRemoval(tx, path);
    tx.then((Response answer) -> finish(path, mount).orElse(answer));
    return Response.empty();
  }

  /** Only while its state is what the transaction rests on can a mount not get another lease. */
  private boolean mayHaveLeases(Transaction tx, MountEntry entry) {
    Optional<SecretEngine> engine = router.mountOf(entry.uuid()).flatMap(Router.Mounted::engine);
    boolean makesSome = engine.filter(made -> !made.outsideSecrets().isEmpty()).isPresent();
    return makesSome || !rows.ofMount(tx, entry.uuid(), 1).isEmpty();
  }

  /** Returns why it stopped; empty if the mount is gone. */
  private Optional<Response> finish(String path, UUID mount) {
    background.schedule(JOB, AGAIN, this::step); // whatever comes of it here
    PrefixWalk walk = rows.walkMount(mount);
    for (Optional<String> name = walk.next(); name.isPresent(); name = walk.next()) {
      Optional<String> id = claim(mount, name.get());
      Optional<OutsideFailure> failure = id.flatMap(revocation::attempt);
      if (failure.isPresent()) {
        return Optional.of(stopped(path, id.get(), failure.get().text()));
      }
    }
    List<String> left =
        transactions.read(tx -> rows.ofMount(tx, mount, 1)); // may still be made until its deadline
    if (!left.isEmpty()) {
      return Optional.of(stopped(path, left.get(0), "it is being made"));
    }
    transactions.change(tx -> router.changes().finishRemoval(tx, mount));
    return Optional.empty();
  }

  private Optional<String> claim(UUID mount, String name) {
    return transactions.write(tx -> {
      Optional<String> id = rows.idOfMount(tx, mount, name);
      id.flatMap(known -> rows.get(tx, known)).ifPresent(lease -> revocation.claim(tx, lease));
      return id;
    });
  }

  private static Response stopped(String path, String id, String why) {
    return Response.failure(
        OUTSIDE_FAILED,
        path + " does not answer any more, but its leases are not revoked yet: failed to revoke \""
            + id + "\": " + why
            + "; it is unmounted when they are gone. sys/leases/revoke-force gives them up");
  }

  private Optional<Duration> step() {
    List<UUID> removing = transactions.read(tx -> router.changes().removing(tx));
    for (UUID mount : removing) {
      if (transactions.read(tx -> rows.ofMount(tx, mount, 1)).isEmpty()) {
        transactions.change(tx -> router.changes().finishRemoval(tx, mount));
      } else {
        orderAll(mount);
      }
    }
    return removing.isEmpty() ? Optional.empty() : Optional.of(AGAIN);
  }

  private void orderAll(UUID mount) {
    PrefixWalk walk = rows.walkMount(mount);
    for (List<String> names = walk.next(BATCH); !names.isEmpty(); names = walk.next(BATCH)) {
      List<String> some = names;
      transactions.change(tx -> some.forEach(name -> rows.idOfMount(tx, mount, name)
          .flatMap(id -> rows.get(tx, id))
          .filter(lease -> !lease.isEnding())
          .ifPresent(lease -> revocation.order(tx, lease))));
    }
  }
}
