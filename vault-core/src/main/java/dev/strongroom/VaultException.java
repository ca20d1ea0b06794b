package dev.strongroom;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure of the vault: a stable {@link #code()} for programs and a message for people, which may
 * change between releases and never holds a token, a share, a password or a secret value. Engines
 * subclass this class; the codes are the core's.
 */
public class VaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public VaultException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public VaultException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public final ErrorCode code() {
    return code;
  }
}
