package dev.strongroom.internal.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.Mutations;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that are nearly snapshots. What comes before the digest is made to fit it, so that a reader
 * who trusts the digest is found out.
 */
class SnapshotFuzzTest {
  private static final int TRAILER_BYTES = 64; // digest and HMAC

  private Path file;

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createTempFile("strongroom", ".snapshot");
  }

  @AfterEach
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  static List<byte[]> seeds() throws IOException {
    Path folder = Files.createTempDirectory("strongroom");
    Path written = folder.resolve("snapshot");
    try (StorageBackend store = InMemoryStorage.create().open()) {
      store.commit(List.of(new Batch(
          List.of(),
          List.of(
              new Batch.Put(address("a"), new byte[] {1, 2, 3}),
              new Batch.Ensure(address("folder")),
              new Batch.DueAdd(new DueRow(-5, new byte[16], new byte[] {9}))))));
      SnapshotFile.write(store, written, new byte[32]);
      byte[] snapshot = Files.readAllBytes(written);
      return List.of(Arrays.copyOf(snapshot, snapshot.length - TRAILER_BYTES));
    } finally {
      Files.delete(written);
      Files.delete(folder);
    }
  }

  private static RowAddress address(String name) {
    return RowAddress.of(new byte[16], name.getBytes(US_ASCII));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void restore_mutatedSnapshot_isWholeOrRefused(long seed) throws IOException {
    Mutations.run(seed, 300, seeds(), this::restore_anyContent_isWholeOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void restore_anyContent_isWholeOrRefused(byte[] content) {
    write(content);
    try (StorageBackend store = InMemoryStorage.create().open()) {
      try {
        SnapshotFile.check(file);
        store.restore(sink -> SnapshotFile.read(file, sink));
      } catch (StorageException e) {
        assertThat(store.head()).isZero();
        return;
      }
      assertThat(store.head()).isNotNegative();
    }
  }

  private void write(byte[] content) {
    byte[] snapshot = Arrays.copyOf(content, content.length + TRAILER_BYTES);
    byte[] digest = sha256(content);
    System.arraycopy(digest, 0, snapshot, content.length, digest.length);
    try {
      Files.write(file, snapshot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
