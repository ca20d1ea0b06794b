package dev.strongroom.internal.store;

import dev.strongroom.Change;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Tells of changes in the order of their commits, and not before they are visible. The order is
 * known to the leader of the commits, who puts them down; that a change is visible is known to the
 * caller who made it. So each waits for those before it, for as long as their callers take to fill
 * the cache. Thread-safe.
 */
final class Announcements {
  private final Consumer<Change> listener;
  private final Queue<Announcement> committed = new ConcurrentLinkedQueue<>();
  private final ReentrantLock telling = new ReentrantLock();
  private volatile boolean closed;

  /**
   * Begins with nothing to tell.
   *
   * @param listener called under a lock; must be fast and must not fail
   */
  Announcements(Consumer<Change> listener) {
    this.listener = listener;
  }

  /** Returns the announcement of one commit. */
  Announcement of(List<Change> changes) {
    return new Announcement(changes);
  }

  /** What one commit has to tell. */
  final class Announcement {
    private final List<Change> changes;
    private volatile boolean visible;

    private Announcement(List<Change> changes) {
      this.changes = changes;
    }

    /** Called in the order of the commits, by one thread at a time. */
    void committed() {
      if (!changes.isEmpty()) {
        committed.add(this);
      }
    }

    /** Called after that, or instead of it if there was no commit. */
    void visible() {
      visible = true;
      if (!changes.isEmpty()) {
        tell();
      }
    }
  }

  /**
   * Tells what is left. Called when there are no commits and no cache any more: so everything is
   * visible, whether its caller has noticed or not, and nothing comes after what the next unsealed
   * vault tells.
   */
  void close() {
    closed = true;
    tell();
  }

  /** The lock is held over the listener, against the rule: it is what keeps the order. */
  private void tell() {
    telling.lock();
    try {
      Announcement next = committed.peek();
      while (next != null && (next.visible || closed)) {
        committed.remove();
        next.changes.forEach(listener);
        next = committed.peek();
      }
    } finally {
      telling.unlock();
    }
  }
}
