package dev.strongroom.dbsecrets.internal.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFilesTest {
  @TempDir
  Path root;

  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(root.resolve("tls/inner")).getParent();
    Files.writeString(folder.resolve("ca.pem"), "ca");
    Files.writeString(folder.resolve("inner/own.pem"), "own");
    Files.writeString(root.resolve("outside.pem"), "secret");
    Files.createSymbolicLink(folder.resolve("link.pem"), root.resolve("outside.pem"));
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("huge").toFile(), "rw")) {
      file.setLength((1 << 20) + 1);
    }
  }

  private static JdbcTarget target(String parameters) {
    return ConnectionUrl.parse("postgresql://h/d?" + parameters).resolve("u", "p", false);
  }

  @Test
  void located_filesBelowTheFolder_areFoundByRelativeAndAbsoluteName() throws IOException {
    JdbcTarget found = TlsFiles.below(folder)
        .located(
            target("sslcert=inner/own.pem&sslkey=ca.pem&sslrootcert=" + folder.resolve("ca.pem")));

    Path real = folder.toRealPath();
    assertThat(found.properties())
        .containsEntry("sslrootcert", real.resolve("ca.pem").toString())
        .containsEntry("sslcert", real.resolve("inner/own.pem").toString())
        .containsEntry("sslkey", real.resolve("ca.pem").toString());
  }

  /** One text for all, or somebody would find out which files there are. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.pem",
        "OUTSIDE",
        "missing.pem",
        "../missing.pem",
        "link.pem",
        "inner",
        "huge",
        "/dev/zero",
        "/etc/passwd",
        "inner/../../outside.pem"
      })
  void located_whatIsNoFileBelowTheFolder_isRefusedWithoutSayingWhy(String file) {
    String path = file.replace("OUTSIDE", root.resolve("outside.pem").toString());

    assertThatThrownBy(() -> TlsFiles.below(folder).located(target("sslrootcert=" + path)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "sslrootcert is no file of up to 1 MiB below the folder that the vault was given for them");
  }

  @Test
  void located_withoutAFolder_isRefused() {
    assertThatThrownBy(() -> TlsFiles.none().located(target("sslcert=a&sslkey=b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("names a file, and the vault was given no folder of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslrootcert=system", "sslmode=disable", "sslmode=verify-full"})
  void located_withoutFiles_isWhatItWas(String parameters) {
    JdbcTarget target = target(parameters);

    assertThat(TlsFiles.none().located(target)).isSameAs(target);
  }
}
