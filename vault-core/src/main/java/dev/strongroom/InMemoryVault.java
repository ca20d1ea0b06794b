package dev.strongroom;

import java.util.Objects;

/**
 * A vault for a test.
 *
 * @param root a session that may do everything
 * @param time moves when the test says so; listeners to changes run then, and
 *     {@code advance(Duration.ZERO)} is enough
 */
public record InMemoryVault(Vault vault, Session root, VirtualTime time) implements AutoCloseable {
  public InMemoryVault {
    Objects.requireNonNull(vault, "vault");
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(time, "time");
  }

  /**
   * Ends the root session, so that secrets it got with leases are revoked, and closes the vault.
   * Everything in it is gone.
   */
  @Override
  public void close() {
    root.close();
    vault.close();
  }
}
