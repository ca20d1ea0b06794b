package dev.strongroom.auth.k8s.internal.api;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The questions that one API is being asked. One watch looks after all of them, while there are
 * any: a timer for each wakes a thread, and a time-out of the client another one, which together
 * took a fifth of a login (measured).
 *
 * <p>Time is the machine's, because what is waited for is. The watch has a thread of its own, which
 * ends when there was nothing to watch for a while: in a shared one, somebody could wait for the
 * answer that only the watch would end. Thread-safe.
 */
final class Questions {
  private static final int LOOKS = 8;
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Set<Question> asked = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watched = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor watch;
  private final long nanosBetweenLooks;

  /**
   * Nothing is asked yet.
   *
   * @param patience longest time of a question; one may be given up an eighth earlier
   */
  Questions(Duration patience) {
    nanosBetweenLooks = patience.toNanos() / LOOKS;
    watch = new ScheduledThreadPoolExecutor(1, work -> {
      Thread thread = new Thread(work, "strongroom-kubernetes-watch");
      thread.setDaemon(true);
      return thread;
    });
    watch.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
    watch.allowCoreThreadTimeOut(true);
  }

  /** Begins a question of the calling thread, which has to {@link #end} it. */
  Question begin() {
    Question question = new Question(LOOKS);
    asked.add(question);
    try {
      watchOn();
    } catch (RuntimeException | Error e) { // no question is asked that nobody would end
      end(question);
      throw e;
    }
    return question;
  }

  void end(Question question) {
    asked.remove(question);
    question.end();
  }

  /** Returns whether nothing is asked; exact, other than the size of the set. */
  boolean isEmpty() {
    return !asked.iterator().hasNext();
  }

  void giveUpAll() {
    asked.forEach(Question::giveUp);
  }

  private void watchOn() {
    if (!watched.compareAndSet(false, true)) {
      return;
    }
    try {
      ScheduledFuture<?> unused =
          watch.schedule(this::look, nanosBetweenLooks, TimeUnit.NANOSECONDS);
    } catch (RuntimeException | Error e) {
      watched.set(false);
      throw e;
    }
  }

  private void look() {
    try {
      asked.forEach(Question::seen);
    } finally {
      watched.set(false);
      if (!isEmpty()) {
        watchOn();
      }
    }
  }
}
