package dev.strongroom.auth.k8s.internal.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that waits for an answer, and can be told to give up. Thread-safe. */
final class Question {
  private final Thread asking = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();

  /** How often it may be seen before it has taken too long. */
  @GuardedBy("lock")
  private int looksLeft;

  @GuardedBy("lock")
  private boolean givenUp;

  @GuardedBy("lock")
  private boolean ended;

  Question(int looks) {
    looksLeft = looks;
  }

  /** Gives up one that was seen too often. */
  void seen() {
    lock.lock();
    try {
      looksLeft--;
      if (looksLeft <= 0) { // again, if that did not end it
        interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does nothing to one that has ended. */
  void giveUp() {
    lock.lock();
    try {
      interrupt();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void interrupt() {
    if (!ended) {
      givenUp = true;
      asking.interrupt();
    }
  }

  /** Returns whether it was given up because it took too long. */
  boolean isLate() {
    lock.lock();
    try {
      return looksLeft <= 0;
    } finally {
      lock.unlock();
    }
  }

  /** Called by the thread that asked; an interrupt that was ours does not outlive the question. */
  void end() {
    lock.lock();
    try {
      ended = true;
      if (givenUp) {
        boolean unused = Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Called by the thread that asked, when it was interrupted: one of others is theirs to see. */
  void interrupted() {
    lock.lock();
    try {
      if (!givenUp) {
        ended = true;
        asking.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
