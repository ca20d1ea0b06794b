package dev.strongroom.cli;

import dev.strongroom.PolicySet;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Policies in files: reads them, and replaces what they hold. */
final class PolicyFiles {
  private static final long MAX_BYTES = 16L * 1024 * 1024;

  private PolicyFiles() {}

  /**
   * Returns the policies of files; each has the name of its file as it was given.
   *
   * @throws IOException if one cannot be read, or has more than 16 MiB
   * @throws IllegalArgumentException if one of them is no policy
   */
  static PolicySet read(Collection<Path> files, Instant now) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Path file : files) {
      texts.put(file.toString(), text(file));
    }
    return PolicySet.of(texts, now);
  }

  /**
   * Returns what a file holds.
   *
   * @throws IOException if it cannot be read, is not UTF-8, or has more than 16 MiB
   */
  static String text(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + ": larger than " + MAX_BYTES + " bytes");
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": not in UTF-8", e);
    }
  }

  /** Replaces what a file holds, as a whole or not at all; links and permissions stay. */
  static void replace(Path file, String text) throws IOException {
    Path real = file.toRealPath();
    Path part = Files.createTempFile(real.toAbsolutePath().getParent(), ".policy", ".part");
    try {
      Files.writeString(part, text, StandardCharsets.UTF_8);
      if (Files.getFileStore(real).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(real));
      }
      Files.move(part, real, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
