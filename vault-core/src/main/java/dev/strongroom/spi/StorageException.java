package dev.strongroom.spi;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import org.jspecify.annotations.Nullable;

/**
 * A store that could not be opened, read or written; its code is {@code STORAGE_FAILED}. Nothing
 * was changed by the failed call.
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
