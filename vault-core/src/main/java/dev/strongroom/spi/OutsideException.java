package dev.strongroom.spi;

import org.jspecify.annotations.Nullable;

/**
 * Something outside the vault did not do what was asked. The kind says whether it may later. An
 * {@link OutsideSecret} may throw anything; what is not of this type counts as
 * {@link Kind#RETRYABLE}.
 *
 * <p>The message is for operators, and for whoever asked for a secret that could not be made: the
 * vault keeps up to 240 characters of it with the lease. It is the engine's own words; texts of
 * drivers and servers may hold secrets and belong into the cause, of which the vault keeps the type
 * only.
 */
public final class OutsideException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What a failure means for the next attempt. */
  public enum Kind {
    /**
     * No connection was made, so nothing was asked and nothing has happened. Everything that waits
     * for the same {@link OutsideSecret#place} waits longer, and no attempt is counted.
     */
    UNREACHABLE,
    /** May succeed later: an attempt is counted. */
    RETRYABLE,
    /** Will not succeed, however often it is tried. */
    UNRECOVERABLE
  }

  public OutsideException(Kind kind, String message) {
    this(kind, message, null);
  }

  public OutsideException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
