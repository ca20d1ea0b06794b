package dev.strongroom;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs a few pieces of work at a time on another executor, the others in their order. */
final class FewAtOnce implements Executor {
  private final Executor executor;
  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private int running;

  FewAtOnce(Executor executor, int most) {
    this.executor = executor;
    this.most = most;
  }

  /**
   * Runs work now or later.
   *
   * @throws RejectedExecutionException if the executor does not take it
   */
  @Override
  public void execute(Runnable work) {
    lock.lock();
    try {
      if (running == most) {
        waiting.add(work);
        return;
      }
      running++;
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(() -> runAndGoOn(work));
    } catch (RejectedExecutionException e) {
      lock.lock();
      try {
        running--;
      } finally {
        lock.unlock();
      }
      throw e;
    }
  }

  private void runAndGoOn(Runnable first) {
    Runnable work = first;
    while (work != null) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        end();
        throw e;
      }
      work = nextOrEnd();
    }
  }

  private void end() {
    Runnable next = nextOrEnd();
    if (next != null) {
      executor.execute(() -> runAndGoOn(next));
    }
  }

  /** Returns what to run in the same place; null, and the place is free, if nothing waits. */
  private @Nullable Runnable nextOrEnd() {
    lock.lock();
    try {
      Runnable next = waiting.poll();
      if (next == null) {
        running--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
