package dev.strongroom.internal.seal;

import dev.strongroom.spi.Seal;
import java.util.Optional;

/**
 * Which seal a store may have still, instead of the one it is to have.
 *
 * @param fromShares whether key shares may protect it
 * @param automatic the seal that may
 */
public record SealMigration(boolean fromShares, Optional<Seal> automatic) implements AutoCloseable {
  /** The store must have the seal it is to have. */
  public static final SealMigration NONE = new SealMigration(false, Optional.empty());

  boolean isFrom(String type) {
    return (fromShares && type.equals(SealRecord.SHAMIR)) || from(type).isPresent();
  }

  Optional<Seal> from(String type) {
    return automatic.filter(seal -> seal.type().equals(type));
  }

  @Override
  public void close() {
    automatic.ifPresent(Seal::close);
  }
}
