package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers who ask for secrets of one role do not wait for each other. */
@Timeout(60)
class LeaseSideBySideTest {

  @Test
  void plan_ofOneRole_twoAtOnce() throws Exception {
    try (InMemoryVault vault =
        Vault.inMemory(builder -> builder.mount("met", Mount.of(new MeetingType())))) {
      Session root = vault.root();
      FutureTask<Response> other =
          new FutureTask<>(() -> root.request(Request.read("met/creds/app")));
      new Thread(other, "other caller").start();

      Response mine = root.request(Request.read("met/creds/app"));

      assertThat(mine.lease()).isPresent();
      assertThat(other.get().lease()).isPresent();
    }
  }

  /** An engine that plans nothing before two have come. */
  private static final class MeetingType implements EngineType, OutsideSecret {
    private final CountDownLatch both = new CountDownLatch(2);

    @Override
    public String name() {
      return "meeting";
    }

    @Override
    public SecretEngine create(MountContext context) {
      List<Route> routes =
          List.of(Route.at("creds/{name}", "A secret.").onSecret(Operation.READ, this));
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return routes;
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }

    @Override
    public String kind() {
      return "one";
    }

    @Override
    public Plan plan(Call call) {
      both.countDown();
      try {
        both.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return new Plan(Payload.of(Map.of()), new Terms(Duration.ZERO, Duration.ZERO, true));
    }

    @Override
    public Payload create(Payload plan, Instant until, Instant deadline) {
      return plan;
    }

    @Override
    public void renew(Payload plan, Instant until) {}

    @Override
    public void revoke(Payload plan) {}
  }
}
