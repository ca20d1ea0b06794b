package dev.strongroom.dbsecrets.internal.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for each name, so that of two who change the same password one waits. Held while the
 * database is asked, against the rule: two rotations side by side would overtake each other there.
 * Thread-safe.
 */
final class NameLocks {
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  ReentrantLock of(String name) {
    return locks.computeIfAbsent(name, n -> new ReentrantLock());
  }
}
