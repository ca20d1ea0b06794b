package dev.strongroom.cli;

import dev.strongroom.TimeSource;
import dev.strongroom.spi.StorageException;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Looks at the machine and the JVM that a vault is to run in. */
final class MachineChecks {
  private static final int LEAST_JDK = 17;
  private static final int SAMPLES = 1000;
  private static final Instant PAST = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant FUTURE = Instant.parse("2100-01-01T00:00:00Z");
  private static final long HEAP_PER_CACHE = 4;

  private final TimeSource time;
  private final Path proc;

  /**
   * Looks at nothing yet.
   *
   * @param proc where Linux tells of itself; need not exist
   */
  MachineChecks(TimeSource time, Path proc) {
    this.time = time;
    this.proc = proc;
  }

  Finding jdk() {
    Runtime.Version version = Runtime.version();
    if (version.pre().isPresent()) {
      return Finding.warn(
          "jdk", version + " is a preview", "use a release of JDK " + LEAST_JDK + " or later");
    }
    return Finding.ok("jdk", version.toString());
  }

  /** A clock that is set back lets leases live longer; one that is wrong ends them at once. */
  Finding clock() {
    long last = time.nanos();
    for (int i = 0; i < SAMPLES; i++) {
      long now = time.nanos();
      if (now - last < 0) {
        return Finding.fail(
            "clock", "the monotonic clock runs backwards", "look for a defect of the machine");
      }
      last = now;
    }
    Instant now = time.instant();
    return now.isBefore(PAST) || now.isAfter(FUTURE)
        ? Finding.fail("clock", "it is " + now, "set the clock, and keep it right with NTP")
        : Finding.ok("clock", "it is " + now);
  }

  Finding memory(long cacheBytes) {
    return memory(Runtime.getRuntime().maxMemory(), cacheBytes);
  }

  static Finding memory(long heapBytes, long cacheBytes) {
    String detail = "heap of this JVM up to " + mib(heapBytes) + " MiB, cache of a vault "
        + mib(cacheBytes) + " MiB";
    return heapBytes < HEAP_PER_CACHE * cacheBytes
        ? Finding.warn(
            "memory",
            detail,
            "give the application -Xmx" + mib(HEAP_PER_CACHE * cacheBytes)
                + "m or more, or the vault a smaller cache (VaultBuilder.cacheBytes)")
        : Finding.ok("memory", detail);
  }

  private static long mib(long bytes) {
    return bytes / (1024 * 1024);
  }

  /** What is swapped out may be read on the disk long after the vault is sealed. */
  Finding swap() {
    try (Stream<String> lines = Files.lines(proc.resolve("swaps"))) {
      List<String> devices = lines
          .skip(1)
          .map(line -> line.split("\\s+", 2)[0])
          .filter(device -> !device.startsWith("/dev/zram"))
          .toList();
      return devices.isEmpty()
          ? Finding.ok("swap", "none on a disk")
          : Finding.warn(
              "swap",
              "keys in memory may get to the disk: " + String.join(", ", devices),
              "switch swap off or encrypt it; ignore this if it is encrypted");
    } catch (NoSuchFileException e) {
      return Finding.warn(
          "swap", "cannot be seen on this system", "see to it that swap is off or encrypted");
    } catch (IOException e) {
      return Finding.warn("swap", Strongroom.message(e), "look at it by hand");
    }
  }

  /** A dump of the process holds the keys. */
  Finding coreDumps() {
    try {
      String limit;
      try (Stream<String> lines = Files.lines(proc.resolve("self/limits"))) {
        limit = lines
            .filter(line -> line.startsWith("Max core file size"))
            .map(line -> line.substring("Max core file size".length()).strip().split("\\s+", 2)[0])
            .findFirst()
            .orElse("unknown");
      }
      // A program that takes the dump gets it whatever the limit is, see core(5).
      boolean piped = Files.readString(proc.resolve("sys/kernel/core_pattern")).startsWith("|");
      return limit.equals("0") && !piped
          ? Finding.ok("core dumps", "off")
          : Finding.warn(
              "core dumps",
              piped ? "a crash hands the memory to a program" : "a crash writes up to " + limit,
              "start the application with -XX:-CreateCoredumpOnCrash and under ulimit -c 0, and"
                  + " without -XX:+HeapDumpOnOutOfMemoryError");
    } catch (NoSuchFileException e) {
      return Finding.warn(
          "core dumps", "cannot be seen on this system", "see to it that they are off");
    } catch (IOException e) {
      return Finding.warn("core dumps", Strongroom.message(e), "look at it by hand");
    }
  }

  /** Makes a store among the temporary files, and removes it. */
  Finding nativeLibrary() {
    String temporary = System.getProperty("java.io.tmpdir", "");
    try {
      Path folder = Files.createTempDirectory("strongroom-doctor-");
      try {
        SqliteStorage.at(folder.resolve("probe.db")).open().close();
        return Finding.ok("sqlite", "the native library loads from " + temporary);
      } finally {
        delete(folder);
      }
    } catch (StorageException | LinkageError | IOException e) {
      return Finding.fail(
          "sqlite",
          e.getMessage() + " (temporary files are in " + temporary + ")",
          "let that folder be writable and not mounted noexec, or name another by"
              + " -Djava.io.tmpdir, or the unpacked library by -Dorg.sqlite.lib.path");
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
    Files.delete(folder);
  }
}
