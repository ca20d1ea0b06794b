package dev.strongroom;

import dev.strongroom.internal.chain.AuditChain;
import dev.strongroom.internal.chain.ChainVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Verifies the audit files of a device, without the vault. Without a key it proves that nothing was
 * changed by somebody who did not also write every later record anew; with the vault's public key
 * (from {@link Vault#auditPublicKey()}, kept elsewhere) that nothing before the last checkpoint was
 * changed by anybody; with a position that the store knows of, that nothing up to there was cut off
 * the end. Immutable and thread-safe.
 */
public final class AuditLog {
  private final Optional<String> publicKey;
  private final Optional<AuditPosition> anchor;

  private AuditLog(Optional<String> publicKey, Optional<AuditPosition> anchor) {
    this.publicKey = publicKey;
    this.anchor = anchor;
  }

  /** As {@link #verifyAll} of {@link #unknown()}. */
  public static AuditVerification verify(Path... files) {
    return unknown().verifyAll(List.of(files));
  }

  /** A log of which nothing is known but its files. */
  public static AuditLog unknown() {
    return new AuditLog(Optional.empty(), Optional.empty());
  }

  /**
   * Returns this log with the key that its checkpoints must be signed with.
   *
   * @param key 64 hexadecimal digits
   */
  public AuditLog signedBy(String key) {
    if (!key.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a public key is 64 hexadecimal digits in lower case");
    }
    return new AuditLog(Optional.of(key), anchor);
  }

  /** Returns this log with a record that must be in it. */
  public AuditLog containing(AuditPosition position) {
    return new AuditLog(publicKey, Optional.of(Objects.requireNonNull(position, "position")));
  }

  /**
   * Reads files and names the first line that is not as the vault wrote it, or that is missing. A
   * file in use may end in the middle of a record, which is broken, too: verify a copy of it, or
   * look again.
   *
   * @param files of one device, in the order in which they were written
   * @throws UncheckedIOException if one cannot be read
   */
  public AuditVerification verifyAll(List<Path> files) {
    ChainVerifier verifier = AuditChain.verifier(publicKey, anchor);
    try {
      for (Path file : files) {
        Optional<AuditVerification.Broken> broken = verifier.read(file);
        if (broken.isPresent()) {
          return broken.get();
        }
      }
      return verifier.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
