package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.KeyCeremonies.RotationRules;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCeremoniesTest {
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("notes", Mount.of(new NotesEngine())));
  private final KeyCeremonies keys = KeyCeremonies.of(vault.root());

  @AfterEach
  void close() {
    vault.close();
  }

  private void write(String path) {
    vault.root().request(Request.write(path, Map.of("text", path))).orThrow();
  }

  private void assertReadable(String path) {
    assertThat(vault
            .root()
            .request(Request.read(path))
            .orThrow()
            .data()
            .orElseThrow()
            .text("text"))
        .contains(path);
  }

  @Test
  void rotate_oldEntriesStayReadable() {
    write("notes/before");
    keys.rotate();
    write("notes/after");
    assertThat(keys.keyStatus().term()).isEqualTo(2);
    assertReadable("notes/before");
    assertReadable("notes/after");
  }

  @Test
  void rotate_underLoad_losesNothing() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Integer> written = threads.submit(() -> {
        int count = 0;
        while (!stop.get()) {
          write("notes/" + count++);
        }
        return count;
      });
      for (int i = 0; i < 20; i++) {
        keys.rotate();
      }
      stop.set(true);
      for (int i = 0; i < written.get(); i++) {
        assertReadable("notes/" + i);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(keys.keyStatus().term()).isEqualTo(21);
  }

  @Test
  void encryptions_areCounted() {
    long before = keys.keyStatus().encryptions();
    write("notes/a");
    assertThat(keys.keyStatus().encryptions()).isGreaterThan(before);
  }

  @Test
  void interval_reached_rotates() {
    keys.setRotationRules(new RotationRules(true, 1L << 31, Duration.ofDays(30)));
    vault.time().advance(Duration.ofDays(29));
    assertThat(keys.keyStatus().term()).isEqualTo(1);
    vault.time().advance(Duration.ofDays(1));
    assertThat(keys.keyStatus().term()).isEqualTo(2);
    vault.time().advance(Duration.ofDays(60));
    assertThat(keys.keyStatus().term()).isEqualTo(4);
  }

  @Test
  void interval_disabled_doesNotRotate() {
    keys.setRotationRules(new RotationRules(false, 1L << 31, Duration.ofDays(30)));
    vault.time().advance(Duration.ofDays(90));
    assertThat(keys.keyStatus().term()).isEqualTo(1);
    assertThat(keys.rotationRules().enabled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "999999, 0, 'max_operations must be in the range [1000000,2147483648]'",
    "2147483649, 0, 'max_operations must be in the range [1000000,2147483648]'",
    "1000000, 3600, interval must be greater or equal to 24h0m0s",
  })
  void request_withRulesOutOfRange_isToldTheRange(long operations, long seconds, String message) {
    Request request = Request.write(
        "sys/rotate/config", Map.of("max_operations", operations, "interval", seconds));

    assertThatThrownBy(() -> vault.root().request(request).orThrow())
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "999999, PT0S, 'need 1000000 <= maxOperations <= 2147483648, but got 999999'",
    "2147483649, PT0S, 'need 1000000 <= maxOperations <= 2147483648, but got 2147483649'",
    "1000000, PT1H, 'need an interval of zero, or 24h0m0s or more, but got 1h0m0s'",
    "1000000, PT-1S, 'lifetimes are whole seconds, zero or more, but got PT-1S'",
    "1000000, PT24H0.5S, 'lifetimes are whole seconds, zero or more, but got PT24H0.5S'",
  })
  void rules_outOfRange_nameTheRange(long operations, Duration interval, String message) {
    assertThatThrownBy(() -> new RotationRules(true, operations, interval))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"1000000, PT0S", "2147483648, PT24H"})
  void rules_atTheEndsOfTheirRanges_areKept(long operations, Duration interval) {
    RotationRules rules = new RotationRules(true, operations, interval);

    keys.setRotationRules(rules);

    assertThat(keys.rotationRules()).isEqualTo(rules);
  }
}
