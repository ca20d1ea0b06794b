package dev.strongroom.internal.token;

/** The auth methods whose logins made tokens. Thread-safe. */
public interface Issuers {

  /** Returns whether the mount with this accessor is there. */
  boolean isMounted(String mountAccessor);

  /** Counts the changes that can have made it go. */
  long changes();
}
