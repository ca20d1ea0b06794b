package dev.strongroom.auth.k8s.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final ApiLimits FOUR =
      new ApiLimits(Duration.ofSeconds(1), Duration.ofSeconds(1), 4, Duration.ZERO);

  private final Semaphore places = new Semaphore(6);
  private final Turns turns = new Turns(FOUR, places);

  private static void assertBusy(Turns turns, String caller) {
    assertThatExceptionOfType(ApiFailure.class)
        .isThrownBy(() -> turns.begin(caller))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(ApiFailure.Kind.BUSY));
  }

  @Test
  void begin_oneCaller_hasAQuarterOfThePlaces() throws ApiFailure {
    turns.begin("10.0.0.1/32");
    turns.begin("10.0.0.1/32");

    assertBusy(turns, "10.0.0.1/32");
    turns.begin("10.0.0.2/32");
    turns.end("10.0.0.1/32");
    turns.begin("10.0.0.1/32");
  }

  @Test
  void begin_insideTheProcess_mayTakeAll() throws ApiFailure {
    for (int i = 0; i < 4; i++) {
      turns.begin("");
    }

    assertBusy(turns, "");
    assertThat(places.availablePermits()).isEqualTo(2);
  }

  @Test
  void begin_atManyMounts_isBounded() throws ApiFailure {
    Turns other = new Turns(FOUR, places);
    for (int i = 0; i < 4; i++) {
      turns.begin("");
    }
    other.begin("");
    other.begin("");

    assertBusy(other, "");
    turns.end("");
    other.begin("");
  }
}
