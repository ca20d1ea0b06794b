package dev.strongroom.request;

/**
 * What a request wants to do. A write enters as {@link #UPDATE}; the vault asks the engine whether
 * the target exists and makes it {@link #CREATE} where it does not. Same operations as OpenBao
 * v2.6.2 {@code sdk/logical/request.go}.
 */
public enum Operation {
  READ,
  CREATE,
  UPDATE,
  /** Changes members of what exists, as RFC 7396 merge patch. */
  PATCH,
  DELETE,
  /** Names of one folder. */
  LIST,
  /** Names of a folder and everything below it. */
  SCAN,
  /** Describes the path; open to every valid token. */
  HELP;

  /** Returns whether this operation may change something. */
  public boolean writes() {
    return this == CREATE || this == UPDATE || this == PATCH || this == DELETE;
  }

  /**
   * Returns whether this operation stores something at the path itself, so that the path must not
   * end in a slash.
   */
  boolean stores() {
    return this == CREATE || this == UPDATE || this == PATCH;
  }

  /** Returns whether this operation looks into a folder, so that the path ends in a slash. */
  public boolean lists() {
    return this == LIST || this == SCAN;
  }
}
