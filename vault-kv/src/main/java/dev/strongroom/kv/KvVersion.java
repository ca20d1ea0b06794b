package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.InstantText;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a version besides its data.
 *
 * @param number 1 for the first
 * @param deletedAt from when on it reads as deleted; may lie in the future
 * @param destroyed whether its data are gone for good
 */
public record KvVersion(
    int number, Instant createdAt, Optional<Instant> deletedAt, boolean destroyed) {

  static KvVersion of(Payload metadata) {
    return of(
        metadata
            .number("version")
            .orElseThrow(() -> new VaultException(
                ErrorCode.INVALID_REQUEST, "the mount is not of version 2; use Kv1Store"))
            .intValue(),
        metadata);
  }

  static KvVersion of(int number, Payload metadata) {
    return new KvVersion(
        number,
        InstantText.parse(metadata.text("created_time").orElseThrow()),
        metadata.text("deletion_time").filter(text -> !text.isEmpty()).map(InstantText::parse),
        metadata.flag("destroyed").orElse(false));
  }
}
