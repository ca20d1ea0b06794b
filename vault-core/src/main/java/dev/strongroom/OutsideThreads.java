package dev.strongroom;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that wait for what is outside the vault. None runs while nothing is to be done. */
final class OutsideThreads implements Executor, AutoCloseable {
  private static final int MAX_THREADS = 64;
  private static final int IDLE_SECONDS = 30;

  private final ThreadPoolExecutor pool;

  OutsideThreads() {
    pool = new ThreadPoolExecutor(
        MAX_THREADS,
        MAX_THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        work -> {
          Thread thread = new Thread(work, "strongroom-outside");
          thread.setDaemon(true);
          return thread;
        });
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable work) {
    pool.execute(work);
  }

  /**
   * Waits for nobody: what runs finds the vault closed, and is done again after the next unseal.
   */
  @Override
  public void close() {
    pool.shutdown();
  }
}
