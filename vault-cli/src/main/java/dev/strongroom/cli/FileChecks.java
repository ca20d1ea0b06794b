package dev.strongroom.cli;

import dev.strongroom.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks at the folder that a store lies in, and at who can get at its files. */
final class FileChecks {
  private static final Set<PosixFilePermission> WRITE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final Set<PosixFilePermission> READ_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

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
  private final Optional<Path> sealKey;

  /**
   * Looks at nothing yet.
   *
   * @param store need not exist
   */
  FileChecks(TimeSource time, Path store, Optional<Path> sealKey) {
    this.time = time;
    this.store = store.toAbsolutePath();
    Path parent = this.store.getParent();
    this.folder = parent == null ? this.store : parent;
    this.sealKey = sealKey.map(Path::toAbsolutePath);
  }

  /** Runs all checks; where there is no folder, only that is said. */
  List<Finding> all() {
    if (!Files.isDirectory(folder)) {
      return List.of(Finding.fail(
          "folder",
          folder + " does not exist",
          "make it, for the user of the application only: mkdir -m 700 " + folder));
    }
    List<Finding> findings = new ArrayList<>(List.of(permissions()));
    sealKey.ifPresent(key -> findings.add(sealKey(key)));
    findings.add(looking("file system", this::fileSystem));
    findings.add(looking("free space", this::space));
    findings.addAll(probe());
    return findings;
  }

  private interface Look {
    Finding at() throws IOException;
  }

  private static Finding looking(String check, Look look) {
    try {
      return look.at();
    } catch (IOException e) {
      return Finding.fail(
          check, Strongroom.message(e), "run the doctor as the user of the application");
    }
  }

  private Finding permissions() {
    return looking("permissions", () -> {
      List<String> open = new ArrayList<>();
      boolean writable = grants(folder, WRITE_BY_OTHERS, open);
      boolean readable = false;
      for (String suffix : List.of("", "-wal", "-shm", ".lock")) {
        Path file = store.resolveSibling(store.getFileName() + suffix);
        if (Files.exists(file)) {
          writable |= grants(file, WRITE_BY_OTHERS, open);
          readable |= grants(file, READ_BY_OTHERS, open);
        }
      }
      if (writable) {
        return Finding.fail(
            "permissions",
            "others can change " + String.join(", ", open),
            "chmod 700 the folder and 600 the files");
      }
      if (readable) {
        return Finding.warn(
            "permissions",
            "others can read " + String.join(", ", open),
            "chmod 600 the files: what is in them is encrypted, but names the size of everything");
      }
      return owner();
    });
  }

  private Finding owner() throws IOException {
    Path file = Files.exists(store) ? store : folder;
    String owner = Files.getOwner(file).getName();
    String user = System.getProperty("user.name", "");
    return owner.equals(user) || owner.endsWith("\\" + user)
        ? Finding.ok("permissions", "only " + owner + " can change or read the files")
        : Finding.warn(
            "permissions",
            file + " belongs to " + owner + ", but this runs as " + user,
            "run the doctor as the user of the application");
  }

  private Finding sealKey(Path key) {
    return looking("seal key", () -> {
      List<String> open = new ArrayList<>();
      Set<PosixFilePermission> others = EnumSet.copyOf(WRITE_BY_OTHERS);
      others.addAll(READ_BY_OTHERS);
      if (grants(key, others, open)) {
        return Finding.fail(
            "seal key", "others can get at " + String.join(", ", open), "chmod 400 " + key);
      }
      Path real = key.toRealPath();
      if (folder.toRealPath().equals(real.getParent())) {
        return Finding.warn(
            "seal key",
            key + " lies beside the store",
            "keep it elsewhere: whoever copies the folder has an open vault");
      }
      return Finding.ok("seal key", "only its owner can read " + key);
    });
  }

  /** Returns whether a file gives one of the rights; where files have no such rights, never. */
  private static boolean grants(Path file, Set<PosixFilePermission> rights, List<String> open)
      throws IOException {
    if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
      return false;
    }
    Set<PosixFilePermission> given = Files.getPosixFilePermissions(file);
    if (given.stream().noneMatch(rights::contains)) {
      return false;
    }
    open.add(file + " (" + PosixFilePermissions.toString(given) + ")");
    return true;
  }

  private Finding fileSystem() throws IOException {
    FileStore disk = Files.getFileStore(folder);
    return disk.isReadOnly()
        ? Finding.fail("file system", folder + " is mounted read-only", "mount it for writing")
        : fileSystem(disk.type());
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

  private Finding space() throws IOException {
    long size = Files.exists(store) ? Files.size(store) : 0;
    return space(Files.getFileStore(folder).getUsableSpace(), size);
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
  private List<Finding> probe() {
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
