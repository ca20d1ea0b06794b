package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.postgres.Obstacles;
import dev.strongroom.dbsecrets.internal.sql.PgQuote;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;

/** {@code preflight}: why a user cannot be dropped. Not in the reference. */
final class PreflightPath {
  private final Databases databases;

  PreflightPath(Databases databases) {
    this.databases = databases;
  }

  List<Route> routes() {
    return List.of(
        Route.at("preflight/{name}", "Tells what keeps a user of a database from being dropped.")
            .field("username", FieldType.TEXT, "Of the user.")
            .on(Operation.UPDATE, this::look));
  }

  /** A write, because it takes its time; it changes nothing. */
  private Response look(Call call) {
    String name = Names.of(call);
    String username = username(call);
    ConnectionConfig config = ConnectionConfig.require(call.storage(), name);
    call.then(() -> {
      try {
        Obstacles found = databases.obstacles(config.target(name), username);
        return Response.of(Payload.of(Map.of(
            "exists", found.exists(),
            "default_revocation", found.revocable(),
            "reasons", found.reasons(),
            "statements", found.statements())));
      } catch (OutsideException e) {
        throw Refusals.failed("", e);
      }
    });
    return Response.empty();
  }

  private static String username(Call call) {
    try {
      return PgQuote.requireName(call.text("username").orElse(""));
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid("username: " + e.getMessage());
    }
  }
}
