package dev.strongroom;

/** What went wrong, as a stable code. Messages are for people and may change, codes may not. */
public enum ErrorCode {
  /** The store holds no vault yet: call {@link Vault#initialize}. */
  NOT_INITIALIZED,
  /** The vault is sealed: give the missing key shares. */
  SEALED,
  /**
   * The caller may not do this, or its token is not valid. Never says which, nor whether the path
   * exists.
   */
  PERMISSION_DENIED,
  /** The request itself is wrong: a missing or malformed parameter, a value outside its range. */
  INVALID_REQUEST,
  /**
   * There is nothing at that path. Such a failure may carry data: the metadata of a deleted
   * version.
   */
  NOT_FOUND,
  /** The path exists, but not for this operation. */
  UNSUPPORTED,
  /**
   * The state is not what the request expects: a failed check-and-set, a path in use, a lost race.
   */
  CONFLICT,
  /** A limit of the vault was exceeded; the message names it. */
  LIMIT_EXCEEDED,
  /** No audit device could record the request. */
  AUDIT_FAILED,
  /** The store could not be read or written. */
  STORAGE_FAILED,
  /** A system outside the vault failed or refused. */
  OUTSIDE_FAILED,
  /** A defect of the vault or of an engine. Details are in the log, not in the message. */
  INTERNAL
}
