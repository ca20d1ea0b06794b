package dev.strongroom;

/** A listener that is told of changes until this is closed. Thread-safe. */
public interface Registration extends AutoCloseable {

  /**
   * Ends it. When this returns the listener is not running and will not run again; so this waits
   * for it if it is running, and the caller holds no lock that the listener takes. A listener may
   * call this for itself and others: they are told nothing more then, but it does not wait for
   * others that are running. Closing again does nothing.
   */
  @Override
  void close();
}
