package dev.strongroom.internal.audit;

import dev.strongroom.VaultException;
import dev.strongroom.spi.AuditDeviceType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * What the application says of the audit. One for all unseals of a vault.
 *
 * @param declared devices, by name
 * @param overApi makes devices that callers ask for; empty: they may not
 * @param open held by whoever writes to the devices, so that a vault that is unsealed again waits
 *     for the last request of the time before
 */
public record AuditSetup(
    Map<String, AuditDeviceType> declared, Optional<OverApi> overApi, Semaphore open) {

  /** Makes devices from what a caller says of them. */
  @FunctionalInterface
  public interface OverApi {
    /**
     * Returns the device; empty for one that throws away what it is given, and so counts for
     * nothing.
     *
     * @throws VaultException with code {@code INVALID_REQUEST} that says which option does not do
     */
    Optional<AuditDeviceType> device(String type, Map<String, String> options);
  }

  public AuditSetup {
    declared = Map.copyOf(declared);
  }

  /** As the constructor, with nobody writing. */
  public static AuditSetup of(Map<String, AuditDeviceType> declared, Optional<OverApi> overApi) {
    return new AuditSetup(declared, overApi, new Semaphore(1));
  }
}
