package dev.strongroom.clients;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An engine whose {@code creds/NAME} have a lease and stand for nothing outside. */
final class LeasedEngine implements EngineType {
  @Override
  public String name() {
    return "leased";
  }

  @Override
  public SecretEngine create(MountContext context) {
    List<Route> routes = List.of(
        Route.at("creds/{name}", "A user.").onSecret(Operation.READ, new Credentials(context)));
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

  private record Credentials(MountContext context) implements OutsideSecret {
    @Override
    public String kind() {
      return "user";
    }

    @Override
    public Plan plan(Call call) {
      byte[] suffix = new byte[8];
      context.random().nextBytes(suffix);
      return new Plan(
          Payload.of(
              Map.of("user", call.captured("name") + "-" + HexFormat.of().formatHex(suffix))),
          new Terms(Duration.ofHours(1), Duration.ofHours(2), /* renewable= */ true));
    }

    @Override
    public Payload create(Payload plan, Instant until, Instant deadline) {
      String user = plan.text("user").orElseThrow();
      return Payload.of(Map.of("username", user, "password", "of " + user));
    }

    @Override
    public void renew(Payload plan, Instant until) {
      // Lives as long as its lease.
    }

    @Override
    public void revoke(Payload plan) {
      // Lives as long as its lease.
    }
  }
}
