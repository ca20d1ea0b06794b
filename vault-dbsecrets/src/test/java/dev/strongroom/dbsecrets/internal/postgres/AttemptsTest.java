package dev.strongroom.dbsecrets.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.dbsecrets.internal.url.ConnectionUrl;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static Target target(TestPostgres postgres) {
    return new Target(
        "pg",
        "1",
        ConnectionUrl.parse(postgres.templateUrl())
            .resolve(postgres.superuser(), postgres.superuserPassword(), /* escaped= */ false),
        /* maxOpen= */ 1,
        /* keepsIdle= */ true,
        Duration.ZERO);
  }

  /** None of the statements is long: all of them together are. */
  @Test
  void change_beyondTheLimitOfAnAttempt_isEndedAndTheNextOneWorks() throws OutsideException {
    try (TestPostgres postgres = TestPostgres.create();
        Databases databases = new Databases(() -> {}, TlsFiles.none(), Duration.ofSeconds(1))) {
      List<String> slow = Collections.nCopies(200, "SELECT pg_catalog.pg_sleep(0.1)");

      assertThatThrownBy(() -> databases.change(target(postgres), slow, List.of()))
          .isInstanceOfSatisfying(OutsideException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.RETRYABLE);
            assertThat(Databases.didNothing(e)).isFalse();
          })
          .hasMessage("the database took longer than the 1 s of an attempt");

      databases.change(target(postgres), List.of("SELECT 1"), List.of());
    }
  }

  @Test
  void drop_beyondTheLimitOfAnAttempt_isEnded() {
    try (TestPostgres postgres = TestPostgres.create();
        Databases databases = new Databases(() -> {}, TlsFiles.none(), Duration.ofSeconds(1))) {
      postgres.execute("CREATE ROLE slow_to_go");
      List<String> slow = Collections.nCopies(200, "SELECT pg_catalog.pg_sleep(0.1)");

      assertThatThrownBy(() ->
              databases.drop(target(postgres), new Dropping("slow_to_go", slow, Optional.empty())))
          .isInstanceOf(OutsideException.class)
          .hasMessage("the database took longer than the 1 s of an attempt");

      postgres.execute("DROP ROLE slow_to_go");
    }
  }
}
