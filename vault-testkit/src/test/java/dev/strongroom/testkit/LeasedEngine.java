package dev.strongroom.testkit;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** An engine that makes users in an {@link OutsideWorld}, as a database engine does. */
final class LeasedEngine implements EngineType {
  private static final RecordKind<String> ROLE =
      RecordKind.tree("role", RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text));

  private final OutsideWorld world;

  LeasedEngine(OutsideWorld world) {
    this.world = world;
  }

  @Override
  public String name() {
    return "leased";
  }

  @Override
  public SecretEngine create(MountContext context) {
    return new Engine(context);
  }

  private final class Engine implements SecretEngine, OutsideSecret {
    private final MountContext context;

    Engine(MountContext context) {
      this.context = context;
    }

    @Override
    public List<Route> routes() {
      return List.of(
          Route.at("roles/{name}", "A role.")
              .field("ttl", FieldType.DURATION, "Lifetime.")
              .field("max_ttl", FieldType.DURATION, "Longest lifetime.")
              .field("renewable", FieldType.FLAG, "Whether leases can be renewed.")
              .on(Operation.UPDATE, Engine::writeRole)
              .on(Operation.DELETE, call -> {
                call.storage().delete(ROLE.at(call.captured("name")));
                return Response.empty();
              }),
          Route.at("creds/{name}", "A user.").onSecret(Operation.READ, this));
    }

    private static Response writeRole(Call call) {
      String ttl = call.duration("ttl").orElse(Duration.ZERO).toString();
      String max = call.duration("max_ttl").orElse(Duration.ZERO).toString();
      String renewable = String.valueOf(call.flag("renewable").orElse(true));
      call.storage().put(ROLE.at(call.captured("name")), String.join(" ", ttl, max, renewable));
      return Response.empty();
    }

    @Override
    public List<RecordKind<?>> records() {
      return List.of(ROLE);
    }

    @Override
    public String kind() {
      return "user";
    }

    @Override
    public Plan plan(Call call) {
      String role = call.captured("name");
      List<String> terms = call.storage()
          .get(ROLE.at(role))
          .map(text -> List.of(text.split(" ", -1)))
          .orElseThrow(
              () -> new VaultException(ErrorCode.INVALID_REQUEST, "unknown role: " + role));
      byte[] random = new byte[8];
      context.random().nextBytes(random);
      String user = "u-" + HexFormat.of().formatHex(random);
      return new Plan(
          Payload.of(Map.of("user", user, "role", role)),
          new Terms(
              Duration.parse(terms.get(0)),
              Duration.parse(terms.get(1)),
              Boolean.parseBoolean(terms.get(2))));
    }

    @Override
    public Payload create(Payload plan, Instant until, Instant deadline) throws Exception {
      String user = plan.text("user").orElseThrow();
      world.create(user, deadline, Instant.MAX);
      return Payload.of(Map.of("username", user, "password", "pw-" + user));
    }

    @Override
    public Terms termsNow(Payload plan, Terms planned) {
      boolean there = context
          .read(storage -> storage.get(ROLE.at(plan.text("role").orElseThrow())))
          .isPresent();
      if (!there) {
        throw new VaultException(ErrorCode.INVALID_REQUEST, "the role is gone");
      }
      return planned;
    }

    @Override
    public void renew(Payload plan, Instant until) throws Exception {
      world.renew(plan.text("user").orElseThrow(), until);
    }

    @Override
    public void revoke(Payload plan) throws Exception {
      world.drop(plan.text("user").orElseThrow());
    }
  }
}
