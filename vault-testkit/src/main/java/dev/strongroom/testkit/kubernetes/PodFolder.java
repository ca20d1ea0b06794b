package dev.strongroom.testkit.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * A projected volume as the kubelet lays it out: {@code token} is a link to {@code ..data/token},
 * {@code ..data} a link to the current version, which is exchanged by one rename.
 */
final class PodFolder {
  private static final String CURRENT = "..data";

  private PodFolder() {}

  static void write(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    Path version = Files.createTempDirectory(folder, "..version-");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(version.resolve(file.getKey()), file.getValue());
    }
    Path next = folder.resolve("..data_tmp");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, version.getFileName());
    Files.move(next, folder.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
    for (String name : files.keySet()) {
      Path link = folder.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(CURRENT, name));
      }
    }
  }
}
