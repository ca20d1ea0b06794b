package dev.strongroom.dbsecrets.internal.pool;

/** What a rotation wants of the pool that its connections are in. Thread-safe. */
interface Pool {

  /** Closes the idle connections, and the others when they come back. */
  void evict();

  /** Returns how many connections are borrowed. */
  int active();
}
