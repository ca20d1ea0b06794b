package dev.strongroom.checks;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.strongroom.checks.Canaries.Needle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is reachable in this JVM, as a file. Closing removes it. */
final class HeapDump implements AutoCloseable {
  private static final Duration CLEANER = Duration.ofMillis(500);

  private final Path file;

  private HeapDump(Path file) {
    this.file = file;
  }

  /**
   * Collects garbage and writes what is left to a file in {@code folder}. The key objects of the
   * JDK are wiped by its cleaner, a thread that begins when a collection has found them: it gets
   * three of them, and time.
   */
  static HeapDump take(Path folder) throws IOException, InterruptedException {
    Path file = folder.resolve("live.hprof");
    for (int collections = 0; collections < 3; collections++) {
      System.gc();
      Thread.sleep(CLEANER.toMillis());
    }
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), /* live= */ true);
    return new HeapDump(file);
  }

  long size() throws IOException {
    return Files.size(file);
  }

  /** Returns those that the file contains, with their places in it. */
  List<String> find(List<Needle> needles) throws IOException {
    Haystack haystack = Haystack.of(needles);
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IllegalStateException("the dump has 2 GiB or more: run with a smaller heap");
      }
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      List<String> found = new ArrayList<>();
      haystack.search(
          bytes,
          (needle, place) -> found.add(needle.what() + " as " + needle.form() + " at " + place));
      return found;
    }
  }

  @Override
  public void close() throws IOException {
    Files.delete(file);
  }
}
