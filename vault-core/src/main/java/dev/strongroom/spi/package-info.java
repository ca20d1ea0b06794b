/**
 * What an extension implements: {@link dev.strongroom.spi.EngineType} and
 * {@link dev.strongroom.spi.SecretEngine} for engines, {@link dev.strongroom.spi.OutsideSecret} for
 * secrets that they make outside the vault, {@link dev.strongroom.spi.AuthMethodType} and
 * {@link dev.strongroom.spi.AuthMethod} for logins, {@link dev.strongroom.spi.AuditDeviceType} and
 * {@link dev.strongroom.spi.AuditDevice} for audit devices, {@link dev.strongroom.spi.StorageType}
 * and {@link dev.strongroom.spi.StorageBackend} for stores, {@link dev.strongroom.spi.Seal} for
 * seals; and what the vault hands it in return.
 */
@NullMarked
package dev.strongroom.spi;

import org.jspecify.annotations.NullMarked;
