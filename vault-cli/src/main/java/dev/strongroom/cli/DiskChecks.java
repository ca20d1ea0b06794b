package dev.strongroom.cli;

import dev.strongroom.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at the disk that a store lies on. */
final class DiskChecks {
  private static final Set<String> NETWORK = Set.of(
      "nfs",
      "nfs3",
      "nfs4",
      "cifs",
      "smb2",
      "smb3",
      "smbfs",
      "afs",
      "ceph",
      "glusterfs",
      "lustre",
      "beegfs",
      "9p",
      "ncpfs",
      "webdav",
      "afpfs");
  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");
  private static final Set<String> CONTAINER = Set.of("overlay", "overlayfs", "aufs");

  private static final long LEAST_SPACE = 64L * 1024 * 1024;
  private static final long GOOD_SPACE = 1024L * 1024 * 1024;
  private static final Duration SLOW_SYNC = Duration.ofMillis(100);
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(2);

  private final TimeSource time;
  private final Path store;
  private final Path folder;

  /**
   * Looks at nothing yet.
   *
   * @param store need not exist
   * @param folder of the store
   */
  DiskChecks(TimeSource time, Path store, Path folder) {
    this.time = time;
    this.store = store;
    this.folder = folder;
  }

  Finding fileSystem() {
    return Finding.ofLook("file system", () -> {
      FileStore disk = Files.getFileStore(folder);
      return disk.isReadOnly()
          ? Finding.fail("file system", folder + " is mounted read-only", "mount it for writing")
          : fileSystem(disk.type());
    });
  }

  static Finding fileSystem(String type) {
    String kind = type.toLowerCase(Locale.ROOT);
    if (NETWORK.contains(kind) || kind.startsWith("fuse.") || kind.equals("fuse")) {
      return Finding.warn(
          "file system",
          type + " is not a local disk",
          "put the store on one: locks and shared memory of files are not sure elsewhere");
    }
    if (VOLATILE.contains(kind)) {
      return Finding.warn(
          "file system", type + " is gone after a restart", "put the store on a disk");
    }
    if (CONTAINER.contains(kind)) {
      return Finding.warn(
          "file system", type + " goes with the container", "put the store on a volume");
    }
    return Finding.ok("file system", type);
  }

  Finding space() {
    return Finding.ofLook("free space", () -> {
      long size = Files.exists(store) ? Files.size(store) : 0;
      return space(Files.getFileStore(folder).getUsableSpace(), size);
    });
  }

  static Finding space(long freeBytes, long storeBytes) {
    long mib = freeBytes / (1024 * 1024);
    String detail = mib + " MiB";
    if (freeBytes < LEAST_SPACE) {
      return Finding.fail("free space", detail, "make room: a full disk stops every change");
    }
    return freeBytes < Math.max(GOOD_SPACE, 2 * storeBytes)
        ? Finding.warn("free space", detail, "make room for snapshots, and for the log during them")
        : Finding.ok("free space", detail);
  }

  /** Writes a file as a commit does, and sees what time it gets. */
  List<Finding> probe() {
    try {
      Path file = Files.createTempFile(folder, ".strongroom-doctor", ".tmp");
      try {
        Instant before = time.instant();
        long start = time.nanos();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.write(ByteBuffer.allocate(4096));
          channel.force(true);
        }
        Duration took = Duration.ofNanos(time.nanos() - start);
        Instant written = Files.getLastModifiedTime(file).toInstant();
        return List.of(sync(took), fileClock(Duration.between(before, written).minus(took)));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      return List.of(Finding.fail(
          "fsync", Strongroom.message(e), "let the user of the application write to " + folder));
    }
  }

  static Finding sync(Duration took) {
    String detail = took.toMillis() + " ms";
    return took.compareTo(SLOW_SYNC) > 0
        ? Finding.warn(
            "fsync", detail, "use a faster disk, or one that others use less: a commit waits")
        : Finding.ok("fsync", detail);
  }

  static Finding fileClock(Duration ahead) {
    String detail = "the file system differs by " + ahead.abs().toMillis() + " ms";
    return ahead.abs().compareTo(CLOCK_SKEW) > 0
        ? Finding.warn(
            "file clock", detail, "keep all clocks right with NTP; a local disk has this one's")
        : Finding.ok("file clock", detail);
  }
}
