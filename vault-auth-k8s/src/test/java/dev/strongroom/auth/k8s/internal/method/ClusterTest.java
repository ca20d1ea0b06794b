package dev.strongroom.auth.k8s.internal.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.auth.k8s.internal.api.ApiLimits;
import dev.strongroom.auth.k8s.internal.api.SecretText;
import dev.strongroom.auth.k8s.internal.method.Cluster.Reviewer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTest {
  @TempDir
  Path folder;

  private Instant now = Instant.EPOCH;

  private Cluster cluster() {
    MethodOptions options = new MethodOptions(
        folder,
        new ApiLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 4, Duration.ZERO),
        Set.of());
    return new Cluster(options, SharedBounds.of(options), new LocalFiles(folder, () -> now));
  }

  private static ConfigRecord config(String host, String reviewer) {
    return new ConfigRecord(
        "1",
        host,
        "x",
        Optional.of(reviewer).filter(text -> !text.isEmpty()).map(SecretText::new),
        List.of(),
        false,
        true,
        "");
  }

  private static Optional<String> token(Cluster cluster, String host, String reviewer) {
    return cluster.reviewer(config(host, reviewer)).map(Reviewer::token).map(SecretText::expose);
  }

  @Test
  void reviewer_ofThePod_isForTlsOnly() throws IOException {
    Files.writeString(folder.resolve("token"), "pods\n");
    try (Cluster cluster = cluster()) {
      assertThat(token(cluster, "https://a", "")).contains("pods");
      assertThat(token(cluster, "http://a", "")).isEmpty();
      assertThat(token(cluster, "HTTP://a", "")).isEmpty();
      assertThat(token(cluster, "http://a", "given")).contains("given");
    }
  }

  @Test
  void reviewer_fileThatCannotBeRead_isTheOneBeforeForAPeriod() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "one");
    try (Cluster cluster = cluster()) {
      assertThat(token(cluster, "https://a", "")).contains("one");
      Files.delete(file);
      now = now.plusSeconds(60);
      assertThat(token(cluster, "https://a", "")).contains("one");
      now = now.plusSeconds(59);
      assertThat(token(cluster, "https://a", "")).contains("one");
      now = now.plusSeconds(1);
      assertThat(token(cluster, "https://a", "")).isEmpty();
      Files.writeString(file, "two");
      assertThat(token(cluster, "https://a", "")).contains("two");
    }
  }
}
