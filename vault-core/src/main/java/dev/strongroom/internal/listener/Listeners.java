package dev.strongroom.internal.listener;

import dev.strongroom.Change;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** All listeners of a vault, by what they listen to. Thread-safe. */
public final class Listeners implements AutoCloseable {
  private final Executor executor;
  private final Map<String, Set<Listener>> byPrefix = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Begins without listeners.
   *
   * @param executor runs them; never on the thread that hands work over
   */
  public Listeners(Executor executor) {
    this.executor = executor;
  }

  /** Returns the listeners of a session, which has none so far. */
  public SessionListeners ofSession(Rights rights) {
    return new SessionListeners(this, rights, executor);
  }

  /**
   * Puts down a change for everybody who listens to its path. Those before it were told before it,
   * and it is visible.
   */
  public void tell(Change change) {
    if (byPrefix.isEmpty()) {
      return;
    }
    String path = change.path();
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      tell(path.substring(0, slash + 1), change);
    }
    if (!path.endsWith("/")) {
      tell(path, change);
    }
  }

  private void tell(String prefix, Change change) {
    Set<Listener> listeners = byPrefix.get(prefix);
    if (listeners != null) {
      listeners.forEach(listener -> listener.tell(change));
    }
  }

  /** Goes on with what could not be told, because the vault was sealed or a token had ended. */
  public void resume() {
    byPrefix.values().forEach(listeners -> listeners.forEach(Listener::resume));
  }

  /** Ends all listeners. None is running then, unless it is one of them that closes. */
  @Override
  public void close() {
    closed = true;
    byPrefix.values().forEach(listeners -> listeners.forEach(Listener::close));
  }

  boolean isClosed() {
    return closed;
  }

  void add(Listener listener) {
    byPrefix.compute(listener.prefix(), (prefix, before) -> {
      Set<Listener> all = before == null ? ConcurrentHashMap.newKeySet() : before;
      all.add(listener);
      return all;
    });
  }

  void remove(Listener listener) {
    byPrefix.computeIfPresent(listener.prefix(), (prefix, all) -> {
      all.remove(listener);
      return all.isEmpty() ? null : all;
    });
  }
}
