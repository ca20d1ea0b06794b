package dev.strongroom.internal.seal;

import dev.strongroom.request.Origin;
import dev.strongroom.spi.Cidr;
import java.util.Optional;

/**
 * Who gives key shares.
 *
 * @param client empty for the host
 */
record Giver(Optional<Cidr> client) {

  static Giver of(Optional<Origin> origin) {
    return new Giver(origin.map(from -> Cidr.ofClient(from.address())));
  }
}
