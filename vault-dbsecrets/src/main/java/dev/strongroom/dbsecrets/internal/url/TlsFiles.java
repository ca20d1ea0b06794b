package dev.strongroom.dbsecrets.internal.url;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files of certificates and keys that connections may name: those below one folder, which the
 * host says. Whoever may write a connection could otherwise have the vault use a key of the host
 * that is not meant for it, find out which files there are, or have it read from a device for ever.
 * Immutable and thread-safe.
 */
public final class TlsFiles {
  private static final long MAX_BYTES = 1 << 20;
  private static final List<Parameter> FILES =
      List.of(Parameter.SSLROOTCERT, Parameter.SSLCERT, Parameter.SSLKEY);

  private final @Nullable Path folder;

  private TlsFiles(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Allows none. */
  public static TlsFiles none() {
    return new TlsFiles(null);
  }

  /** Allows those below a folder, which need not be there yet. */
  public static TlsFiles below(Path folder) {
    return new TlsFiles(folder.toAbsolutePath().normalize());
  }

  /**
   * Returns the target with the real paths of its files.
   *
   * @throws IllegalArgumentException if one may not be used, or is not there: which of the two, and
   *     why, it does not say
   */
  public JdbcTarget located(JdbcTarget target) {
    Map<String, String> properties = new HashMap<>(target.properties());
    for (Parameter parameter : FILES) {
      String given = properties.get(parameter.property());
      if (given != null) {
        properties.put(parameter.property(), located(parameter, given).toString());
      }
    }
    return properties.equals(target.properties()) ? target : target.withProperties(properties);
  }

  private Path located(Parameter parameter, String given) {
    if (folder == null) {
      throw new IllegalArgumentException(
          parameter.word()
              + " names a file, and the vault was given no folder of them; where the host's own authorities do, write sslrootcert=system");
    }
    return real(folder, given)
        .orElseThrow(() -> new IllegalArgumentException(parameter.word()
            + " is no file of up to 1 MiB below the folder that the vault was given for them"));
  }

  /** Links may lead out of the folder, so what they lead to counts. */
  private static Optional<Path> real(Path folder, String given) {
    try {
      Path file = folder.resolve(given).normalize();
      if (!file.startsWith(folder)) {
        return Optional.empty();
      }
      Path real = file.toRealPath();
      return real.startsWith(folder.toRealPath())
              && Files.isRegularFile(real)
              && Files.size(real) <= MAX_BYTES
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
