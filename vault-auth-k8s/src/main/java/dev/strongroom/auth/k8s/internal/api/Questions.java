package dev.strongroom.auth.k8s.internal.api;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The questions that one API is being asked. One watch looks after all of them, while there are
 * any: a timer for each wakes a thread, and a time-out of the client another one, which together
 * took a fifth of a login (measured). Thread-safe.
 */
final class Questions {
  private static final int LOOKS = 8;

  private final Set<Question> asked = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean watched = new AtomicBoolean();
  private final Executor watch;

  /**
   * Nothing is asked yet.
   *
   * @param patience longest time of a question; one may be given up an eighth earlier
   */
  Questions(Duration patience) {
    watch = CompletableFuture.delayedExecutor(
        patience.toNanos() / LOOKS, TimeUnit.NANOSECONDS, Runnable::run);
  }

  /** Begins a question of the calling thread, which has to {@link #end} it. */
  Question begin() {
    Question question = new Question(LOOKS);
    asked.add(question);
    watchOn();
    return question;
  }

  void end(Question question) {
    asked.remove(question);
    question.end();
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  void giveUpAll() {
    asked.forEach(Question::giveUp);
  }

  private void watchOn() {
    if (watched.compareAndSet(false, true)) {
      watch.execute(this::look);
    }
  }

  private void look() {
    asked.forEach(Question::seen);
    watched.set(false);
    if (!asked.isEmpty()) {
      watchOn();
    }
  }
}
