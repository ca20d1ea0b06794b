package dev.strongroom.internal.mount;

import dev.strongroom.VaultException;
import dev.strongroom.internal.background.Background;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Carries out what engines have to do behind the requests, a step at a time. Thread-safe. */
final class EngineWork {
  private final Transactions transactions;
  private final Background background;
  private final Function<UUID, Optional<Mounted>> mounts;

  /**
   * Begins without work.
   *
   * @param mounts finds a mount as it is now
   */
  EngineWork(
      Transactions transactions, Background background, Function<UUID, Optional<Mounted>> mounts) {
    this.transactions = transactions;
    this.background = background;
    this.mounts = mounts;
  }

  /** Begins with a mount whose engine was just made; goes on with whatever engine it has then. */
  void begin(UUID mount) {
    background.schedule("work of mount " + mount, Duration.ZERO, () -> step(mount));
  }

  private Optional<Duration> step(UUID mount) {
    // A request to the engine that was there before may still write what this one looks for.
    transactions.awaitRunningWrites();
    try {
      return mounts.apply(mount).filter(this::work).map(mounted -> Duration.ZERO);
    } catch (VaultException e) {
      if (mounts.apply(mount).isEmpty()) { // its keys went meanwhile
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns whether something may be left to do. */
  private boolean work(Mounted mounted) {
    Optional<SecretEngine> engine = mounted.engine();
    return engine.isPresent()
        && transactions.write(
            tx -> engine.get().work(tx.in(mounted.view()), transactions.clock().instant()));
  }
}
