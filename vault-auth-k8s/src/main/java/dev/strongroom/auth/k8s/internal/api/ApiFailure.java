package dev.strongroom.auth.k8s.internal.api;

import org.jspecify.annotations.Nullable;

/**
 * The API gave no answer that can be used. What it said instead is not kept: it may repeat the
 * token.
 */
public final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final int status;

  /** What went wrong. */
  public enum Kind {
    /** The configured address is no URL. */
    NO_ADDRESS,
    /** No address belongs to the host's name. */
    NAME,
    /** Nobody answers there, or the connection ended before an answer. */
    UNREACHABLE,
    /** The certificate, the host's name in it, or the protocol. */
    TLS,
    /** It took too long. */
    TIMEOUT,
    /** Too many questions are being asked. */
    BUSY,
    /** A status that is no success; {@link #status()} says which. */
    STATUS,
    /** A success that is no answer to the question. */
    NO_ANSWER,
    /** The thread was interrupted, or the mount has gone. */
    ENDED
  }

  ApiFailure(Kind kind, String message) {
    this(kind, 0, message, null);
  }

  ApiFailure(Kind kind, String message, @Nullable Throwable cause) {
    this(kind, 0, message, cause);
  }

  ApiFailure(Kind kind, int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.status = status;
  }

  static ApiFailure ofStatus(int status, String message) {
    return new ApiFailure(Kind.STATUS, status, message, null);
  }

  public Kind kind() {
    return kind;
  }

  /** Returns the HTTP status; 0 where there was none. */
  public int status() {
    return status;
  }
}
