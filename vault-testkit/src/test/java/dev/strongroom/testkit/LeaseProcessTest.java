package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process of a vault is killed while its threads issue, renew and revoke leases: afterwards
 * what is outside is what has a lease, and nothing that a caller got is lost.
 */
@Tag("slow")
class LeaseProcessTest {
  private static final int KILLS = 10;

  /** Longer than a secret that may still be made, or a claim, holds recovery up. */
  private static final Duration RECOVERY = Duration.ofMinutes(30);

  @TempDir
  private Path folder;

  private LeasingProcess.Access access;

  @BeforeEach
  void initialize() throws IOException {
    access = LeasingProcess.Access.initialize(folder);
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("strongroom.thorough") ? 20 : 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void kill_amongLeases_leavesNothingOutsideWithoutOne(long seed) throws IOException {
    Random random = new Random(seed);
    Map<String, String> held = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Set<String> mayBeGone = leaseUntilKilled(random, held);
      VirtualTime time = VirtualTime.at(Instant.now());
      try (Vault vault = LeasingProcess.builder(folder, time).time(time).open()) {
        Session root = access.unseal(vault);
        time.advance(RECOVERY);

        Set<String> leases = Set.copyOf(Leases.of(root).list("db/creds/app"));
        assertThat(users()).hasSameSizeAs(leases);
        held.forEach((id, user) -> {
          if (!mayBeGone.contains(id)) {
            assertThat(leases).contains(id.substring("db/creds/app/".length()));
            assertThat(users()).contains(user);
          }
        });
        held.keySet().removeAll(mayBeGone);
        assertThat(Leases.of(root).irrevocable()).isEmpty();
        if (kill == KILLS - 1) {
          assertThat(held).isNotEmpty();
          Leases.of(root).revokePrefix("db/creds");
          assertThat(users()).isEmpty();
        }
      }
    }
  }

  /** Adds what callers got; returns what they began to revoke. */
  private Set<String> leaseUntilKilled(Random random, Map<String, String> held) {
    List<String> lines = new ArrayList<>();
    try (ChildJvm child = ChildJvm.start(
        LeasingProcess.class,
        folder.toString(),
        access.share(),
        access.token(),
        String.valueOf(random.nextLong()))) {
      for (int left = 1 + random.nextInt(60); left > 0; left--) {
        lines.add(child.readLine().orElseThrow());
      }
      child.kill();
      lines.addAll(child.readAllLines());
    }
    lines.stream()
        .map(line -> List.of(line.split(" ", -1)))
        .filter(words -> words.get(0).equals("issued") && words.size() == 3)
        .forEach(words -> held.put(words.get(1), words.get(2)));
    return lines.stream()
        .filter(line -> line.startsWith("revoking "))
        .map(line -> line.substring("revoking ".length()))
        .collect(Collectors.toSet());
  }

  private Set<String> users() {
    try (Stream<Path> files = Files.list(LeasingProcess.world(folder))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
