package dev.strongroom.internal.barrier;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few objects that are dear to make and serve one thread at a time, such as ciphers:
 * {@code Cipher.getInstance} for every record costs six times the decryption itself. Slots are
 * chosen by thread, without thread-locals, which would keep a key for every virtual thread.
 * Thread-safe.
 *
 * @param <T> made when no slot holds one, given back after use
 */
final class Pool<T> {
  private static final int SLOTS =
      Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors());

  private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);
  private final Supplier<T> make;
  private final Consumer<T> wipe;
  private volatile boolean closed;

  Pool(Supplier<T> make, Consumer<T> wipe) {
    this.make = make;
    this.wipe = wipe;
  }

  T borrow() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      T pooled = slots.get(slot) == null ? null : slots.getAndSet(slot, null);
      if (pooled != null) {
        return pooled;
      }
    }
    return make.get();
  }

  void giveBack(T object) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      if (slots.compareAndSet((start + i) & (SLOTS - 1), null, object)) {
        if (closed) { // between the borrowing and now
          wipeSlots();
        }
        return;
      }
    }
    wipe.accept(object);
  }

  /** Wipes what lies in the slots now, and what is still borrowed when it comes back. */
  void close() {
    closed = true;
    wipeSlots();
  }

  private void wipeSlots() {
    for (int i = 0; i < SLOTS; i++) {
      T object = slots.getAndSet(i, null);
      if (object != null) {
        wipe.accept(object);
      }
    }
  }

  /** Thread ids are consecutive, so neighbours begin at slots of their own. */
  private static int start() {
    return (int) Thread.currentThread().getId() & (SLOTS - 1);
  }
}
