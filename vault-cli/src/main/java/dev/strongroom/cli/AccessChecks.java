package dev.strongroom.cli;

import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Looks at who can get at a store and at the key of its seal. */
final class AccessChecks {
  private static final Set<PosixFilePermission> WRITE_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final Set<PosixFilePermission> READ_BY_OTHERS =
      EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Path store;
  private final Path folder;

  /**
   * Looks at nothing yet.
   *
   * @param store need not exist
   * @param folder of the store
   */
  AccessChecks(Path store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  Finding permissions() {
    return Finding.ofLook("permissions", () -> {
      List<String> open = new ArrayList<>();
      boolean writable = grants(folder, WRITE_BY_OTHERS, open);
      boolean readable = false;
      for (Path file : SqliteStorage.at(store).files()) {
        writable |= grants(file, WRITE_BY_OTHERS, open);
        readable |= grants(file, READ_BY_OTHERS, open);
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

  /** Whether others can get at the key, and whether it goes with a copy of the store. */
  Finding sealKey(Path key) {
    return Finding.ofLook("seal key", () -> {
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
}
