package dev.strongroom.internal.snapshot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotFileTest {
  private static final byte[] MAC_KEY = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final int MAC_BYTES = 32;

  @TempDir
  private Path folder;

  private final StorageBackend store = InMemoryStorage.create().open();
  private Path file;
  private byte[] content;

  @BeforeEach
  void writeSnapshot() throws IOException {
    store.commit(List.of(new Batch(
        List.of(),
        List.of(
            new Batch.Put(address("a"), new byte[] {1, 2, 3}),
            new Batch.Put(address("x".repeat(2048)), new byte[500]),
            new Batch.Ensure(address("folder")),
            new Batch.DueAdd(new DueRow(-5, new byte[16], new byte[] {9})),
            new Batch.DueAdd(new DueRow(Long.MAX_VALUE, new byte[16], new byte[0]))))));
    file = folder.resolve("snapshot");
    SnapshotFile.write(store, file, MAC_KEY);
    content = Files.readAllBytes(file);
  }

  @Nested
  class Writing {
    @Test
    void read_whatWasWritten_givesEverythingHeadFirst() {
      Recorder recorder = new Recorder();
      SnapshotFile.Seal seal = SnapshotFile.read(file, recorder);

      Recorder expected = new Recorder();
      store.snapshot(expected);
      assertThat(recorder.seen).isEqualTo(expected.seen).hasSize(6).first().isEqualTo("head 1");
      assertThat(SnapshotFile.isGenuine(seal, MAC_KEY)).isTrue();
      assertThat(SnapshotFile.check(file)).usingRecursiveComparison().isEqualTo(seal);
    }

    @Test
    void write_leavesNothingElse_readableByItsOwnerOnly() throws IOException {
      assertThat(files()).containsExactly("snapshot");
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }

    @Test
    void write_overAnotherFile_replacesIt() throws IOException {
      Files.write(file, new byte[1_000_000]);
      SnapshotFile.write(store, file, MAC_KEY);

      assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void write_whereItCannot_isRefusedAndLeavesNothing() throws IOException {
      Path missing = folder.resolve("missing").resolve("snapshot");
      Path taken =
          Files.createDirectories(folder.resolve("taken").resolve("inside")).getParent();

      for (Path target : List.of(missing, taken)) {
        assertThatThrownBy(() -> SnapshotFile.write(store, target, MAC_KEY))
            .isInstanceOf(StorageException.class)
            .hasMessage("the snapshot cannot be written to " + target);
      }
      assertThat(files()).containsExactlyInAnyOrder("snapshot", "taken");
    }

    @Test
    void write_ofAStoreThatFails_keepsTheFileBefore() throws IOException {
      store.close();

      assertThatThrownBy(() -> SnapshotFile.write(store, file, MAC_KEY))
          .isInstanceOf(IllegalStateException.class);
      assertThat(Files.readAllBytes(file)).isEqualTo(content);
      assertThat(files()).containsExactly("snapshot");
    }

    private List<String> files() throws IOException {
      try (Stream<Path> all = Files.list(folder)) {
        return all.map(path -> path.getFileName().toString()).toList();
      }
    }
  }

  @Nested
  class Damage {
    @Test
    void check_anyBitFlipped_isRefusedOrNotGenuine() throws IOException {
      StorageBackend small = InMemoryStorage.create().open();
      small.commit(List.of(new Batch(
          List.of(),
          List.of(
              new Batch.Put(address("a"), new byte[] {1, 2, 3}),
              new Batch.DueAdd(new DueRow(5, new byte[16], new byte[] {9}))))));
      SnapshotFile.write(small, file, MAC_KEY);
      content = Files.readAllBytes(file);
      for (int i = 0; i < content.length; i++) {
        byte[] changed = content.clone();
        changed[i] ^= (byte) (1 << (i % 8));
        Files.write(file, changed);
        if (i < content.length - MAC_BYTES) {
          assertRefused(file);
        } else {
          assertThat(SnapshotFile.isGenuine(SnapshotFile.check(file), MAC_KEY)).isFalse();
        }
      }
    }

    @Test
    void check_cutOrExtended_isRefused() throws IOException {
      for (int length = 0; length < content.length; length += length % 1_000 < 200 ? 1 : 17) {
        Files.write(file, Arrays.copyOf(content, length));
        assertRefused(file);
      }
      for (int cut = 1; cut < 100; cut++) {
        Files.write(file, Arrays.copyOf(content, content.length - cut));
        assertRefused(file);
      }
      Files.write(file, Arrays.copyOf(content, content.length + 1));
      assertRefused(file);
    }

    @Test
    void check_whatIsNoSnapshot_isRefusedByName() throws IOException {
      Path missing = folder.resolve("missing");
      assertThatThrownBy(() -> SnapshotFile.check(missing))
          .isInstanceOf(StorageException.class)
          .hasMessage("the snapshot " + missing + " cannot be read");
      for (String other : List.of("", "STRONGR", "STRONGR\2 and more", "SQLite format 3")) {
        Files.writeString(file, other, US_ASCII);
        assertThatThrownBy(() -> SnapshotFile.check(file))
            .isInstanceOf(StorageException.class)
            .hasMessage(file + " is not a snapshot, or one of a later format");
      }
    }

    private void assertRefused(Path damaged) {
      assertThatThrownBy(() -> SnapshotFile.check(damaged)).isInstanceOf(StorageException.class);
    }
  }

  /** A digest does not make it well formed: whoever made the file also made its digest. */
  @Nested
  class Forgery {
    static Stream<Arguments> forged() {
      return Stream.of(
          arguments("no head", entries(0, out -> {})),
          arguments("a row before the head", entries(2, out -> {
            row(out, 1, 1);
            head(out);
          })),
          arguments("two heads", entries(2, out -> {
            head(out);
            head(out);
          })),
          arguments("a wrong count", entries(3, Forgery::head)),
          arguments("a negative count", entries(-1, Forgery::head)),
          arguments("an unknown entry", entries(2, out -> {
            head(out);
            out.writeByte('X');
          })),
          arguments("a row without a name", entries(2, out -> {
            head(out);
            row(out, 0, 1);
          })),
          arguments("a name that no store takes", entries(2, out -> {
            head(out);
            row(out, 2049, 1);
          })),
          arguments("a value that no store takes", entries(2, out -> {
            head(out);
            row(out, 1, 8 * 1024 * 1024 + 65);
          })),
          arguments("a negative length", entries(2, out -> {
            head(out);
            row(out, 1, -1);
          })),
          arguments("a length beyond the end", entries(2, out -> {
            head(out);
            row(out, 1, 8 * 1024 * 1024);
          })));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void read_withAGoodDigest_isRefusedAllTheSame(String label, byte[] forged) throws IOException {
      Files.write(file, forged);

      assertThatThrownBy(() -> SnapshotFile.check(file)).isInstanceOf(StorageException.class);
    }

    @Test
    void read_theSmallestGoodFile_isAccepted() throws IOException {
      Files.write(file, entries(1, Forgery::head));

      assertThat(SnapshotFile.isGenuine(SnapshotFile.check(file), MAC_KEY)).isFalse();
    }

    @Test
    void isGenuine_anotherKeyDigestOrMac_isNot() {
      SnapshotFile.Seal seal = SnapshotFile.check(file);
      byte[] otherKey = MAC_KEY.clone();
      otherKey[31] ^= 1;
      byte[] otherDigest = seal.digest().clone();
      otherDigest[0] ^= 1;

      assertThat(SnapshotFile.isGenuine(seal, otherKey)).isFalse();
      assertThat(SnapshotFile.isGenuine(new SnapshotFile.Seal(otherDigest, seal.mac()), MAC_KEY))
          .isFalse();
      for (int i : new int[] {0, 15, 31}) {
        byte[] mac = seal.mac().clone();
        mac[i] ^= 1;
        assertNotGenuine(seal, mac);
      }
      byte[] swapped = seal.mac().clone();
      swapped[0] = seal.mac()[1];
      swapped[1] = (byte) (seal.mac()[0] ^ (seal.mac()[0] == seal.mac()[1] ? 1 : 0));
      assertNotGenuine(seal, swapped);
      assertNotGenuine(seal, Arrays.copyOf(seal.mac(), 31));
      assertNotGenuine(seal, Arrays.copyOf(seal.mac(), 33));
      assertNotGenuine(seal, new byte[0]);
    }

    private void assertNotGenuine(SnapshotFile.Seal seal, byte[] mac) {
      assertThat(SnapshotFile.isGenuine(new SnapshotFile.Seal(seal.digest(), mac), MAC_KEY))
          .isFalse();
    }

    private interface Entries {
      void write(DataOutputStream out) throws IOException;
    }

    private static byte[] entries(long count, Entries entries) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.write("STRONGR\1".getBytes(US_ASCII));
        entries.write(out);
        out.writeByte('E');
        out.writeLong(count);
        out.write(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        out.write(new byte[MAC_BYTES]);
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void head(DataOutputStream out) throws IOException {
      out.writeByte('H');
      out.writeLong(1);
    }

    private static void row(DataOutputStream out, int nameBytes, int valueLength)
        throws IOException {
      out.writeByte('R');
      out.write(new byte[16]);
      out.writeShort(nameBytes);
      out.write(new byte[nameBytes]);
      out.writeLong(1);
      out.writeInt(valueLength);
      out.write(new byte[Math.max(0, Math.min(valueLength, 10))]);
    }
  }

  private static RowAddress address(String name) {
    return RowAddress.of(new byte[16], name.getBytes(US_ASCII));
  }

  private static final class Recorder implements SnapshotSink {
    private final List<String> seen = new ArrayList<>();

    @Override
    public void head(long revision) {
      seen.add("head " + revision);
    }

    @Override
    public void row(Row row) {
      seen.add(row.address() + " " + row.revision() + " " + HexFormat.of().formatHex(row.value()));
    }

    @Override
    public void due(DueRow row) {
      seen.add(row.atSeconds() + " " + HexFormat.of().formatHex(row.id()) + " "
          + HexFormat.of().formatHex(row.reference()));
    }
  }
}
