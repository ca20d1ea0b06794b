package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.auth.k8s.internal.api.SecretText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that a pod has of its own service account: its token, read again each minute, and the
 * authorities of the API, each hour. The folder comes from the host program, and what is read lies
 * in it: Kubernetes swaps links inside, and a link that leads out is refused. Thread-safe.
 */
final class LocalFiles {
  private static final Duration TOKEN_PERIOD = Duration.ofMinutes(1);
  private static final Duration CA_PERIOD = Duration.ofHours(1);
  private static final int MAX_TOKEN = 16 * 1024;
  private static final int MAX_CA = 1024 * 1024;

  private final Path folder;
  private final InstantSource clock;
  private volatile @Nullable Kept<SecretText> token;
  private volatile @Nullable Kept<String> ca;

  private record Kept<T>(T value, Instant until) {}

  LocalFiles(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Returns the pod's token; empty outside a pod. */
  Optional<SecretText> token() {
    Instant now = clock.instant();
    Kept<SecretText> kept = token;
    if (kept == null || !now.isBefore(kept.until)) {
      kept = new Kept<>(new SecretText(readToken()), now.plus(TOKEN_PERIOD));
      token = kept;
    }
    return Optional.of(kept.value).filter(text -> !text.expose().isEmpty());
  }

  private String readToken() {
    try {
      return read("token", MAX_TOKEN).strip();
    } catch (IOException e) {
      return ""; // outside a pod, or one without a token
    }
  }

  /**
   * Returns the authorities.
   *
   * @throws IOException with a text that names the file
   */
  String ca() throws IOException {
    Instant now = clock.instant();
    Kept<String> kept = ca;
    if (kept != null && now.isBefore(kept.until)) {
      return kept.value;
    }
    ca = null;
    String text = read("ca.crt", MAX_CA);
    ca = new Kept<>(text, now.plus(CA_PERIOD));
    return text;
  }

  private String read(String name, int limit) throws IOException {
    Path file = folder.resolve(name);
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath())) {
        throw new IOException("open " + file + ": it leads out of its folder");
      }
      try (InputStream in = Files.newInputStream(real)) {
        byte[] bytes = in.readNBytes(limit + 1);
        if (bytes.length > limit) {
          throw new IOException("open " + file + ": it has more than " + limit + " bytes");
        }
        try {
          return new String(bytes, StandardCharsets.UTF_8);
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
      }
    } catch (NoSuchFileException e) {
      throw new IOException("open " + file + ": no such file or directory", e);
    }
  }
}
