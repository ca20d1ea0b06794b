package dev.strongroom.cli;

import dev.strongroom.StaticKeySeal;
import dev.strongroom.spi.Seal;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The seal of a store that does not open by key shares. */
final class SealOptions {
  @Option(
      names = "--seal-key-file",
      paramLabel = "FILE",
      description = "Key of the static seal, where the store has one.")
  private @Nullable Path keyFile;

  @Option(
      names = "--seal-key-env",
      paramLabel = "NAME",
      description = "Environment variable that holds the key of the static seal.")
  private @Nullable String keyVariable;

  /** Returns the seal; empty for key shares. */
  Optional<Seal> seal() {
    if (keyFile != null && keyVariable != null) {
      throw new IllegalArgumentException("give either -seal-key-file or -seal-key-env");
    }
    if (keyFile != null) {
      return Optional.of(StaticKeySeal.fromFile(keyFile));
    }
    return Optional.ofNullable(keyVariable).map(StaticKeySeal::fromEnvironment);
  }

  Optional<Path> keyFile() {
    return Optional.ofNullable(keyFile);
  }
}
