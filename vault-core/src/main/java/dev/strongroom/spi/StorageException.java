package dev.strongroom.spi;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import org.jspecify.annotations.Nullable;

/**
 * A store that could not be opened, read or written; its code is {@code STORAGE_FAILED}. The failed
 * call has changed nothing, unless the message says that the store cannot say.
 */
public final class StorageException extends VaultException {
  private static final long serialVersionUID = 1L;

  public StorageException(String message) {
    this(message, null);
  }

  public StorageException(String message, @Nullable Throwable cause) {
    super(ErrorCode.STORAGE_FAILED, message, cause);
  }
}
