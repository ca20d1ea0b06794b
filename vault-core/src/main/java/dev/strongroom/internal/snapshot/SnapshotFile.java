package dev.strongroom.internal.snapshot;

import dev.strongroom.internal.hmac.HmacSha256;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageBackend.SnapshotSink;
import dev.strongroom.spi.StorageException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * A snapshot: magic, then entries, then their number, the SHA-256 of everything before and an HMAC
 * over that, with a key that only the vault has. The digest tells a damaged file at once, the HMAC
 * tells a forged one as soon as the vault is unsealed. Numbers are big-endian. An entry is
 * {@code H} head, first; {@code R} parent 16, length u16, name, revision, length u32, value; or
 * {@code D} time, id 16, length u32, reference; {@code E} ends them.
 */
public final class SnapshotFile {
  private static final byte[] MAGIC = {'S', 'T', 'R', 'O', 'N', 'G', 'R', 1};
  private static final int DIGEST_BYTES = 32;

  private SnapshotFile() {}

  /**
   * What a snapshot says of itself.
   *
   * @param digest of its content, already checked
   * @param mac over the digest; checked by {@link #isGenuine} once there is a key
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Seal(byte[] digest, byte[] mac) {}

  /**
   * Writes a snapshot: complete and durable, or not there. Readable by the owner only.
   *
   * @param target replaced if it exists
   * @param macKey not kept
   * @throws StorageException if the file cannot be written
   */
  public static void write(StorageBackend store, Path target, byte[] macKey) {
    Path folder = Objects.requireNonNull(
        target.toAbsolutePath().getParent(), "a snapshot is a file in a folder");
    try {
      Path part = Files.createTempFile(folder, ".snapshot", ".part", ownerOnly());
      try {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
          writeContent(store, Channels.newOutputStream(channel), macKey);
          channel.force(true);
        }
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(folder);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StorageException("the snapshot cannot be written to " + target, e);
    }
  }

  /**
   * Reads the trailer and checks the whole file against its digest.
   *
   * @throws StorageException if it is not a snapshot, or damaged
   */
  public static Seal check(Path file) {
    return read(file, new SnapshotSink() {
      @Override
      public void head(long revision) {}

      @Override
      public void row(Row row) {}

      @Override
      public void due(DueRow row) {}
    });
  }

  /**
   * As {@link #check}, handing the content to {@code sink} before the end is known to be good:
   * check first.
   */
  public static Seal read(Path file, SnapshotSink sink) {
    MessageDigest digest = sha256();
    try (DataInputStream in = new DataInputStream(
        new DigestInputStream(new BufferedInputStream(Files.newInputStream(file)), digest))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new StorageException(file + " is not a snapshot, or one of a later format");
      }
      long entries = 0;
      for (int kind = in.readUnsignedByte(); kind != 'E'; kind = in.readUnsignedByte()) {
        if ((kind == 'H') != (entries == 0)) {
          throw new EOFException("the head is the first entry, and the only one of its kind");
        }
        readEntry(in, kind, sink);
        entries++;
      }
      boolean complete = in.readLong() == entries && entries > 0;
      byte[] found = digest.digest();
      byte[] expected = in.readNBytes(DIGEST_BYTES);
      byte[] mac = in.readNBytes(DIGEST_BYTES);
      if (!complete
          || !Arrays.equals(found, expected)
          || mac.length != DIGEST_BYTES
          || in.read() != -1) {
        throw new StorageException(
            "the snapshot " + file + " is damaged: its content is not what its digest says");
      }
      return new Seal(found, mac);
    } catch (EOFException | IllegalArgumentException e) {
      throw new StorageException("the snapshot " + file + " is damaged", e);
    } catch (IOException e) {
      throw new StorageException("the snapshot " + file + " cannot be read", e);
    }
  }

  /** Returns whether the vault that has this key wrote the snapshot. */
  public static boolean isGenuine(Seal seal, byte[] macKey) {
    return MessageDigest.isEqual(HmacSha256.of(macKey, seal.digest), seal.mac);
  }

  private static void writeContent(StorageBackend store, OutputStream channel, byte[] macKey)
      throws IOException {
    MessageDigest digest = sha256();
    DataOutputStream out = new DataOutputStream(
        new DigestOutputStream(new BufferedOutputStream(channel, 1 << 16), digest));
    out.write(MAGIC);
    EntryWriter entries = new EntryWriter(out);
    store.snapshot(entries);
    out.writeByte('E');
    out.writeLong(entries.count);
    byte[] sum = digest.digest();
    out.write(sum);
    out.write(HmacSha256.of(macKey, sum));
    out.flush();
  }

  private static void readEntry(DataInputStream in, int kind, SnapshotSink sink)
      throws IOException {
    switch (kind) {
      case 'H' -> sink.head(in.readLong());
      case 'R' -> {
        byte[] parent = bytes(in, RowAddress.PARENT_BYTES);
        byte[] name = bytes(in, length(in.readUnsignedShort(), StorageBackend.MAX_NAME_BYTES));
        long revision = in.readLong();
        sink.row(new Row(RowAddress.of(parent, name), revision, value(in)));
      }
      case 'D' -> sink.due(new DueRow(in.readLong(), bytes(in, DueRow.ID_BYTES), value(in)));
      default -> throw new EOFException("unknown entry");
    }
  }

  private static byte[] value(DataInputStream in) throws IOException {
    return bytes(in, length(in.readInt(), StorageBackend.MAX_VALUE_BYTES));
  }

  private static int length(int found, int max) throws EOFException {
    if (found < 0 || found > max) {
      throw new EOFException("impossible length");
    }
    return found;
  }

  private static byte[] bytes(DataInputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  private static FileAttribute<?>[] ownerOnly() {
    Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes the renaming durable, where a folder can be opened. */
  private static void syncFolder(Path folder) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not usable in this JVM", e);
    }
  }

  private static final class EntryWriter implements SnapshotSink {
    private final DataOutputStream out;
    private long count;

    EntryWriter(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public void head(long revision) {
      write(() -> {
        out.writeByte('H');
        out.writeLong(revision);
      });
    }

    @Override
    public void row(Row row) {
      write(() -> {
        out.writeByte('R');
        out.write(row.address().parent());
        out.writeShort(row.address().name().length);
        out.write(row.address().name());
        out.writeLong(row.revision());
        out.writeInt(row.value().length);
        out.write(row.value());
      });
    }

    @Override
    public void due(DueRow row) {
      write(() -> {
        out.writeByte('D');
        out.writeLong(row.atSeconds());
        out.write(row.id());
        out.writeInt(row.reference().length);
        out.write(row.reference());
      });
    }

    private interface Step {
      void run() throws IOException;
    }

    private void write(Step step) {
      try {
        step.run();
        count++;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
