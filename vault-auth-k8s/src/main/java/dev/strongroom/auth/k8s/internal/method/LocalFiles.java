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

  /** What was read; not fresh: what was read before, and could not be read since. */
  private record Kept<T>(T value, Instant until, boolean fresh) {}

  LocalFiles(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Returns the pod's token; empty outside a pod. */
  Optional<SecretText> token() {
    Instant now = clock.instant();
    Kept<SecretText> kept = token;
    if (kept == null || !now.isBefore(kept.until)) {
      kept = tokenNow(now, kept);
      token = kept;
    }
    return Optional.ofNullable(kept).map(Kept::value);
  }

  /** A token that cannot be read now is the one before for one more period, and no longer. */
  private @Nullable Kept<SecretText> tokenNow(Instant now, @Nullable Kept<SecretText> before) {
    Instant end = now.plus(TOKEN_PERIOD);
    try {
      String text = read("token", MAX_TOKEN).strip();
      return text.isEmpty() ? null : new Kept<>(new SecretText(text), end, true);
    } catch (IOException e) { // outside a pod, or one without a token, or the file is being swapped
      return before == null || !before.fresh ? null : new Kept<>(before.value, end, false);
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
    ca = new Kept<>(text, now.plus(CA_PERIOD), true);
    return text;
  }

  /** Kubernetes swaps links: a file that has just gone is there again at once. */
  private String read(String name, int limit) throws IOException {
    try {
      return readOnce(name, limit);
    } catch (IOException e) {
      return readOnce(name, limit);
    }
  }

  private String readOnce(String name, int limit) throws IOException {
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
