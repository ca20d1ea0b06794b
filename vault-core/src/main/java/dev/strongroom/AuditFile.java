package dev.strongroom;

import dev.strongroom.internal.chain.AuditChain;
import dev.strongroom.internal.chain.ChainLine;
import dev.strongroom.spi.AuditDevice;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An open audit file. Written with a stream and not a channel, which an interrupted caller would
 * close. For one thread at a time.
 */
final class AuditFile implements AuditDevice {
  private static final Logger LOG = System.getLogger("dev.strongroom");
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(1);
  private static final int BLOCK = 64 * 1024;
  private static final int MAX_LINE = 256 * 1024 * 1024;

  private final FileAudit audit;
  private final TimeSource time;
  private final Optional<Tail> tail;
  private final LongSupplier rotations;
  private Found found = new Found(new Tail(Optional.empty(), false), true, 0);
  private FileOutputStream out;
  private @Nullable Object fileKey;
  private long length;
  private long lookedAtNanos;
  private long rotated;

  /**
   * Opens the file, and makes it if it is not there.
   *
   * @param rotations counts how often the application said that the file was moved
   */
  AuditFile(FileAudit audit, TimeSource time, LongSupplier rotations) throws IOException {
    this.audit = audit;
    this.time = time;
    this.rotations = rotations;
    this.rotated = rotations.getAsLong();
    this.out = open();
    this.tail = Optional.of(endWithNewline());
  }

  @Override
  public Optional<Tail> tail() {
    return tail;
  }

  @Override
  public void write(byte[] record) throws IOException {
    follow();
    out.write(record);
    length += record.length;
    if (audit.syncsEveryRecord()) {
      out.getFD().sync();
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the audit file " + audit.path() + " could not be closed", e);
    }
  }

  /** Goes on in another file if this one was moved. */
  private void follow() throws IOException {
    long told = rotations.getAsLong();
    if (told != rotated) {
      rotated = told;
      reopen();
      return;
    }
    long now = time.nanos();
    if (now - lookedAtNanos < LOOKED_AT_EVERY.toNanos()) {
      return;
    }
    lookedAtNanos = now;
    Optional<String> incident = incident();
    if (incident.isPresent()) {
      LOG.log(
          Level.WARNING,
          "the audit file " + audit.path() + " " + incident.get()
              + "; records go on in the file that is there now");
      reopen();
    }
  }

  private Optional<String> incident() throws IOException {
    BasicFileAttributes there;
    try {
      there = attributes(audit.path());
    } catch (NoSuchFileException e) {
      return Optional.of("was moved or removed");
    }
    if (fileKey != null && !fileKey.equals(there.fileKey())) {
      return Optional.of("was replaced by another one");
    }
    return there.size() < length ? Optional.of("has become shorter") : Optional.empty();
  }

  private void reopen() throws IOException {
    out.close();
    out = open();
    if (endWithNewline().torn()) {
      LOG.log(Level.WARNING, "the audit file " + audit.path() + " ended within a line");
    }
  }

  /** Opens the file that is at the path, for nobody else to write to. */
  private FileOutputStream open() throws IOException {
    make();
    BasicFileAttributes there = attributes(audit.path());
    if (!there.isRegularFile()) {
      throw new IOException(audit.path() + " is not a regular file");
    }
    FileOutputStream opened = new FileOutputStream(audit.path().toFile(), /* append= */ true);
    try {
      // Whatever is closed on this file takes the lock of the process with it, so the lock is last.
      applyMode();
      found = readTail(audit.path());
      FileLock lock = opened.getChannel().tryLock();
      if (lock == null) {
        throw new IOException(audit.path() + " is open in another process");
      }
      if (attributes(audit.path()).size() != found.size()) {
        throw new IOException(audit.path() + " is being written to by another process");
      }
      fileKey = there.fileKey();
      length = found.size();
      lookedAtNanos = time.nanos();
      return opened;
    } catch (OverlappingFileLockException e) {
      opened.close();
      throw new IOException(audit.path() + " is open already: a device needs a file of its own", e);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void make() throws IOException {
    boolean posix = Files.getFileStore(parent()).supportsFileAttributeView("posix");
    try {
      if (posix) {
        Files.newByteChannel(
                audit.path(),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions()))
            .close();
      } else {
        Files.createFile(audit.path());
      }
    } catch (FileAlreadyExistsException e) {
      // It is appended to.
    }
  }

  private void applyMode() throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(
        audit.path(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null && audit.mode().isPresent()) {
      view.setPermissions(permissions());
    }
  }

  private Path parent() throws IOException {
    Path parent = audit.path().toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(audit.path() + " is not a file");
    }
    return parent;
  }

  private Set<PosixFilePermission> permissions() {
    int mode = audit.mode().orElse(0600);
    PosixFilePermission[] all = {
      PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ
    };
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (1 << bit)) != 0) {
        set.add(all[bit]);
      }
    }
    return set;
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** What comes after a torn line begins on a line of its own. */
  private Tail endWithNewline() throws IOException {
    if (found.ends()) {
      return found.tail();
    }
    try {
      out.write('\n');
      length++;
      return found.tail();
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  /**
   * What a file holds when it is opened.
   *
   * @param ends whether with a newline, or it is empty
   */
  private record Found(Tail tail, boolean ends, long size) {}

  private static Found readTail(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      long end = file.length();
      if (end == 0) {
        return new Found(new Tail(Optional.empty(), /* torn= */ false), /* ends= */ true, end);
      }
      file.seek(end - 1);
      boolean ends = file.read() == '\n';
      byte[] last = line(path, file, ends ? end - 1 : end);
      if (ends || isRecord(last)) {
        return new Found(new Tail(Optional.of(last), /* torn= */ false), ends, end);
      }
      long before = lastNewline(file, end);
      Optional<byte[]> whole =
          before < 0 ? Optional.empty() : Optional.of(line(path, file, before));
      return new Found(new Tail(whole, /* torn= */ true), ends, end);
    }
  }

  /** Only its newline is missing then. */
  private static boolean isRecord(byte[] line) {
    return AuditChain.read(line).filter(ChainLine::hashes).isPresent();
  }

  private static byte[] line(Path path, RandomAccessFile file, long end) throws IOException {
    long start = lastNewline(file, end) + 1;
    if (end - start > MAX_LINE) {
      throw new IOException(path + " ends with a line that is no audit record");
    }
    byte[] line = new byte[(int) (end - start)];
    file.seek(start);
    file.readFully(line);
    return line;
  }

  /** Returns where the last newline before a place is; -1 if there is none. */
  private static long lastNewline(RandomAccessFile file, long before) throws IOException {
    byte[] block = new byte[BLOCK];
    long to = before;
    while (to > 0) {
      long from = Math.max(0, to - BLOCK);
      int size = (int) (to - from);
      file.seek(from);
      file.readFully(block, 0, size);
      for (int i = size - 1; i >= 0; i--) {
        if (block[i] == '\n') {
          return from + i;
        }
      }
      to = from;
    }
    return -1;
  }

  @Override
  public String toString() {
    return "AuditFile[" + audit.path() + "]";
  }
}
