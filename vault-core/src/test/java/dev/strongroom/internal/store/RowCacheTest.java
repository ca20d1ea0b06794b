package dev.strongroom.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.KeyShares;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.barrier.BarrierView;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.store.RowCache.Entry;
import dev.strongroom.internal.store.RowCache.Place;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageKey;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowCacheTest {
  private static final StorageKey<byte[]> KEY =
      RecordKind.secretAttached("note").at("", "a");

  private final StorageBackend store = InMemoryStorage.create().open();
  private final Barrier barrier = new Barrier(
      Keyring.create(
          new Keyring.SealedBy("shamir", new KeyShares(1, 1)),
          Optional.empty(),
          Instant.EPOCH,
          new SecureRandom()),
      new SecureRandom());
  private final BarrierView view = barrier.view(new byte[16], new byte[32]);
  private final Place place = new Place(view, KEY);
  private final RowAddress address = view.address(KEY);
  private final RowCache cache = new RowCache(store, 1_000_000);

  /** Done once, between reading a row and caching it. */
  private Runnable afterRead = () -> {};

  private final RowCache slow = new RowCache(
      (StorageBackend) Proxy.newProxyInstance(
          StorageBackend.class.getClassLoader(),
          new Class<?>[] {StorageBackend.class},
          (proxy, method, arguments) -> {
            Object result = method.invoke(store, arguments);
            if (method.getName().equals("get")) {
              Runnable once = afterRead;
              afterRead = () -> {};
              once.run();
            }
            return result;
          }),
      1_000_000);

  private void put(int value) {
    store.commit(List.of(new Batch(List.of(), List.of(new Batch.Put(address, sealed(value))))));
  }

  private void delete() {
    store.commit(List.of(new Batch(List.of(), List.of(new Batch.Delete(address)))));
  }

  private byte[] sealed(int value) {
    return view.seal(KEY, new byte[] {(byte) value});
  }

  private Entry written(long revision, int value) {
    return new Entry(KEY, address, revision, sealed(value), 1);
  }

  @Test
  void publish_higherRevision_replaces() {
    put(1);
    cache.get(place);
    put(2);
    Entry newer = written(2, 2);
    cache.publish(place, newer);
    assertThat(cache.get(place)).isSameAs(newer);
  }

  @Test
  void publish_lateAndOlder_isIgnored() {
    put(1);
    put(2);
    Entry current = cache.get(place);
    cache.publish(place, written(1, 1));
    assertThat(cache.get(place)).isSameAs(current);
  }

  @Test
  void publish_whileTheOlderRowIsBeingLoaded_isNotLost() throws InterruptedException {
    put(1);
    Thread writer = new Thread(() -> slow.publish(place, written(2, 2)));
    afterRead = () -> {
      put(2);
      writer.start();
      while (writer.getState() != Thread.State.BLOCKED
          && writer.getState() != Thread.State.TERMINATED) {
        Thread.onSpinWait();
      }
    };

    assertThat(slow.get(place).revision()).isEqualTo(1);
    writer.join();

    assertThat(slow.get(place).revision()).isEqualTo(2);
  }

  @Test
  void publish_lateAfterDeletionAndEviction_doesNotBringTheRowBack() {
    put(1);
    delete();
    cache.evict(place);
    cache.publish(place, written(1, 1));
    assertThat(cache.get(place).content()).isNull();
  }

  @Test
  void publish_lateAfterTheAbsenceWasFound_doesNotBringTheRowBack() {
    put(1);
    delete();
    assertThat(cache.get(place).content()).isNull();
    cache.publish(place, written(1, 1));
    assertThat(cache.get(place).content()).isNull();
  }

  @Test
  void publish_afterTheAbsenceWasFound_showsWhatWasWrittenSince() {
    assertThat(cache.get(place).content()).isNull();
    put(1);
    cache.publish(place, written(1, 1));
    assertThat(cache.get(place).content()).isNotNull();
  }
}
