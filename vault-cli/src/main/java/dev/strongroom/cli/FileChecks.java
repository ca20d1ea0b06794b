package dev.strongroom.cli;

import dev.strongroom.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what a store in a file depends on: its folder, who can get at it, and the disk. */
final class FileChecks {
  private FileChecks() {}

  /**
   * Runs all checks; where there is no folder, only that is said.
   *
   * @param file of the store, which need not exist
   */
  static List<Finding> all(TimeSource time, Path file, Optional<Path> sealKey) {
    Path store = file.toAbsolutePath();
    Path parent = store.getParent();
    Path folder = parent == null ? store : parent;
    if (!Files.isDirectory(folder)) {
      return List.of(Finding.fail(
          "folder",
          folder + " does not exist",
          "make it, for the user of the application only: mkdir -m 700 " + folder));
    }
    AccessChecks access = new AccessChecks(store, folder);
    DiskChecks disk = new DiskChecks(time, store, folder);
    List<Finding> findings = new ArrayList<>();
    findings.add(access.permissions());
    sealKey.ifPresent(key -> findings.add(access.sealKey(key.toAbsolutePath())));
    findings.add(disk.fileSystem());
    findings.add(disk.space());
    findings.addAll(disk.probe());
    return findings;
  }
}
