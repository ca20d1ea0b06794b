package dev.strongroom;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.internal.audit.AuditSetup;
import dev.strongroom.spi.AuditDeviceType;
import dev.strongroom.spi.AuditFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Audit files that callers enable, all of them below one folder. Options of OpenBao v2.6.2
 * {@code audit/} for files; those that could harm the host are refused.
 */
final class AuditFilesOverApi implements AuditSetup.OverApi {
  private static final int MAX_LENGTH = 1024;
  private static final Set<String> OPTIONS = Set.of(
      "file_path",
      "path",
      "mode",
      "format",
      "log_raw",
      "hmac_accessor",
      "elide_list_responses",
      "prefix",
      "skip_test");

  private final Path folder;

  AuditFilesOverApi(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  @Override
  public Optional<AuditDeviceType> device(String type, Map<String, String> options) {
    if (!type.equals("file")) {
      throw refused("unknown backend type: \"" + type + "\"");
    }
    options.forEach((name, value) -> {
      if (!OPTIONS.contains(name) || value.length() > MAX_LENGTH) {
        throw refused("options are " + OPTIONS.stream().sorted().toList() + ", each with at most "
            + MAX_LENGTH + " characters");
      }
    });
    if (!options.getOrDefault("format", "json").equals("json")) {
      throw refused("format must be json");
    }
    if (flag(options, "log_raw", false)) {
      throw refused("log_raw is for devices that the application declares");
    }
    if (!options.getOrDefault("prefix", "").isEmpty()) {
      throw refused("audit log prefixing is not allowed");
    }
    boolean unused = flag(options, "skip_test", false);
    AuditFormat format = new AuditFormat(
        flag(options, "hmac_accessor", true),
        flag(options, "elide_list_responses", false),
        /* raw= */ false,
        "");
    int mode = mode(options.getOrDefault("mode", "0600"));
    String path = filePath(options);
    return path.equals("discard")
        ? Optional.empty()
        : Optional.of(FileAudit.appendTo(below(path)).withMode(mode).withFormat(before -> format));
  }

  private static String filePath(Map<String, String> options) {
    String path = options.getOrDefault("file_path", options.getOrDefault("path", ""));
    if (path.isEmpty()) {
      throw refused("file_path is required");
    }
    if (options.containsKey("file_path") && !options.getOrDefault("path", path).equals(path)) {
      throw refused("file_path and path must not differ");
    }
    return path;
  }

  /** Returns a file below the folder; folders between are made. */
  private Path below(String text) {
    try {
      Path path = folder.resolve(text);
      List<String> segments = List.of(text.split("[/\\\\]", -1));
      boolean straight = path.startsWith(folder)
          && path.getNameCount() > folder.getNameCount()
          && text.chars().allMatch(c -> c > ' ' && c != 127)
          && segments.stream().noneMatch(s -> s.equals("..") || s.equals("."));
      if (!straight) {
        throw outside();
      }
      Path parent = path.getParent();
      if (parent == null) {
        throw outside();
      }
      requireBelow(existing(parent)); // a link must not lead a new folder out
      Files.createDirectories(parent);
      requireBelow(parent);
      return path;
    } catch (InvalidPathException | IOException e) {
      throw outside();
    }
  }

  private static Path existing(Path parent) {
    Path there = parent;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  private void requireBelow(Path there) throws IOException {
    if (!there.toRealPath().startsWith(folder.toRealPath())) {
      throw outside();
    }
  }

  private static VaultException outside() {
    return refused("file_path must be a file below the folder that the owner of the vault has set");
  }

  private static int mode(String text) {
    try {
      int mode = Integer.parseInt(text, 8);
      if (mode < 0 || mode > 0777) {
        throw refused("mode must be octal, 0 to 0777");
      }
      return mode;
    } catch (NumberFormatException e) {
      throw refused("mode must be octal, 0 to 0777");
    }
  }

  private static boolean flag(Map<String, String> options, String name, boolean otherwise) {
    String text = options.getOrDefault(name, String.valueOf(otherwise));
    if (!text.equals("true") && !text.equals("false")) {
      throw refused(name + " must be true or false");
    }
    return Boolean.parseBoolean(text);
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}
