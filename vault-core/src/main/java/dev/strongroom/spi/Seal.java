package dev.strongroom.spi;

import dev.strongroom.VaultException;

/**
 * Protects the root key of a vault with a key that lives outside it, so that the vault opens
 * without people: a static key, a key service, a hardware module. Without one a vault uses Shamir
 * key shares. Implementations are thread-safe, may block, and see nothing but the root key. A
 * failure is a {@link VaultException} with code {@code OUTSIDE_FAILED} and a message that helps an
 * operator.
 */
public interface Seal extends AutoCloseable {

  /**
   * Returns the kind of this seal, as status and error messages show it: {@code static}. Not
   * {@code shamir}.
   */
  String type();

  /**
   * Returns the name of the key that {@link #wrap} uses now; no secret. A vault wraps its root key
   * anew when this has changed.
   */
  String keyId();

  /**
   * Encrypts and authenticates {@code key}.
   *
   * @param key not modified and not kept
   * @param associatedData authenticated with it
   */
  byte[] wrap(byte[] key, byte[] associatedData);

  /**
   * Opens what {@link #wrap} made.
   *
   * @param keyId the key it was wrapped with: the current one or an earlier one that this seal
   *     still holds
   * @return the key, which the caller wipes
   */
  byte[] unwrap(String keyId, byte[] wrapped, byte[] associatedData);

  /** Closes connections, where there are any. */
  @Override
  default void close() {}
}
