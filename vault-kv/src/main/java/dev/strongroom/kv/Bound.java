package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.Registration;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A record that follows its secret: see {@link KvStore#bind}. Thread-safe.
 *
 * <p>Whoever has a record keeps it: one that was replaced is not wiped, and the current one stays
 * in memory while the vault is sealed, and after {@link #close}.
 */
public final class Bound<R extends Record> implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.strongroom.kv");

  private final String path;
  private final Supplier<R> source;
  private final List<Consumer<? super R>> listeners = new CopyOnWriteArrayList<>();

  // Held over the store, against the rule: a change that comes during the first read waits for it,
  // or the older of the two could stay.
  private final ReentrantLock reading = new ReentrantLock();

  private volatile @Nullable R current;
  private volatile Optional<VaultException> failure = Optional.empty();
  private volatile @Nullable Registration registration;

  /** What listeners know. Not always the current value: they may have found the vault sealed. */
  private volatile @Nullable R told;

  private Bound(String path, Supplier<R> source) {
    this.path = path;
    this.source = source;
  }

  static <R extends Record> Bound<R> of(Session session, String path, Supplier<R> source) {
    Bound<R> bound = new Bound<>(path, source);
    try {
      bound.begin(session);
      return bound;
    } catch (RuntimeException | Error e) {
      bound.close();
      throw e;
    }
  }

  /** Listens first and reads then, so that no change falls between the two. */
  private void begin(Session session) {
    reading.lock();
    try {
      registration = session.onChange(path, change -> follow());
      told = read();
    } finally {
      reading.unlock();
    }
  }

  /** Returns the record as it was last read. Costs nothing. */
  public R current() {
    return Objects.requireNonNull(current, "read before it is bound");
  }

  /**
   * Returns why {@link #current()} is not the newest version: that one does not fit the record, or
   * is deleted, destroyed or removed, or could not be read. Empty if it is the newest version, as
   * far as is known. The text never holds a value.
   */
  public Optional<VaultException> failure() {
    return failure;
  }

  /**
   * Tells {@code listener} of each new value from now on, on the thread of
   * {@link dev.strongroom.VaultBuilder#listenerExecutor}, one at a time in the order of the
   * versions. Of versions that follow each other quickly it may be told of the last one only; of a
   * record that equals the one before, not at all. What it throws is logged without its text.
   * Whoever needs the current value as well reads it after this, not before.
   */
  public void onChange(Consumer<? super R> listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Follows no more, and waits for listeners that run now, as {@link Registration#close} does. The
   * last value stays.
   */
  @Override
  public void close() {
    Registration open = registration;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Any change means to read again.
   *
   * @throws VaultException with code {@code SEALED}, so that the change comes again
   */
  private void follow() {
    Optional<R> news = news();
    if (news.isEmpty()) {
      return;
    }
    Optional<RuntimeException> failed = tell(news.get());
    if (failed.filter(Bound::isSealed).isEmpty()) {
      told = news.get();
    }
    failed.ifPresent(e -> {
      throw e;
    });
  }

  /** Returns a value that was not told yet. */
  private Optional<R> news() {
    reading.lock();
    try {
      R now = read();
      return now.equals(told) ? Optional.empty() : Optional.of(now);
    } catch (VaultException e) {
      if (isSealed(e)) {
        throw e;
      }
      failure = Optional.of(e);
      LOG.log(
          Level.WARNING,
          "a record bound to " + path.substring(0, path.indexOf('/') + 1)
              + " keeps its last value: " + e.getMessage());
      return Optional.empty();
    } finally {
      reading.unlock();
    }
  }

  private R read() {
    R now = source.get();
    current = now;
    failure = Optional.empty();
    return now;
  }

  /** Returns the first exception of a listener, with the others suppressed in it. */
  private Optional<RuntimeException> tell(R value) {
    RuntimeException first = null;
    for (Consumer<? super R> listener : listeners) {
      try {
        listener.accept(value);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    return Optional.ofNullable(first);
  }

  private static boolean isSealed(RuntimeException e) {
    return e instanceof VaultException known && known.code() == ErrorCode.SEALED;
  }

  @Override
  public String toString() {
    return "Bound[redacted]";
  }
}
