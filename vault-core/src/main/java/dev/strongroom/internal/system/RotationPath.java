package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.rotation.KeyRotation;
import dev.strongroom.internal.rotation.KeyRotation.Config;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/rotate}, {@code sys/key-status} and {@code sys/rotate/config}: the data keys of the
 * barrier.
 */
final class RotationPath {
  private final KeyRotation rotation;

  RotationPath(KeyRotation rotation) {
    this.rotation = rotation;
  }

  List<Route> routes() {
    return List.of(
        Route.at("key-status", "The term that encrypts now.").on(Operation.READ, this::status),
        Route.at("rotate", "Adds a term to the keyring.")
            .sudo()
            .on(Operation.UPDATE, call -> rotate(SystemCall.of(call))),
        Route.at("rotate/keyring", "Adds a term to the keyring.")
            .sudo()
            .on(Operation.UPDATE, call -> rotate(SystemCall.of(call))),
        config("rotate/config"),
        config("rotate/keyring/config"));
  }

  private Route config(String pattern) {
    return Route.at(pattern, "When the keyring rotates by itself.")
        .field("enabled", FieldType.FLAG, "Whether it does.")
        .field("max_operations", FieldType.INTEGER, "Encryptions after which it does.")
        .field("interval", FieldType.DURATION, "Age after which it does; zero: never.")
        .on(Operation.READ, call -> readConfig(SystemCall.of(call)))
        .on(Operation.UPDATE, call -> writeConfig(SystemCall.of(call)));
  }

  private Response status(Call call) {
    Keyring.Term term = rotation.activeTerm();
    return Response.of(Payload.of(Map.of(
        "term", term.number(),
        "install_time", InstantText.format(term.installedAt()),
        "encryptions", rotation.encryptions())));
  }

  private Response rotate(SystemCall call) {
    rotation.rotate(call.transaction());
    return Response.empty();
  }

  private Response readConfig(SystemCall call) {
    Config config = rotation.config(call.transaction());
    return Response.of(Payload.of(Map.of(
        "enabled", config.enabled(),
        "max_operations", config.maxOperations(),
        "interval", config.interval().isZero() ? 0 : DurationText.format(config.interval()))));
  }

  private Response writeConfig(SystemCall call) {
    Config before = rotation.config(call.transaction());
    Config config = new Config(
        call.flag("enabled").orElse(before.enabled()),
        call.integer("max_operations").orElse(before.maxOperations()),
        call.duration("interval").orElse(before.interval()));
    Duration interval = config.interval();
    if (!interval.isZero() && interval.compareTo(KeyRotation.MIN_INTERVAL) < 0) {
      return Response.failure(
          INVALID_REQUEST,
          "interval must be greater or equal to " + DurationText.format(KeyRotation.MIN_INTERVAL));
    }
    if (config.maxOperations() < KeyRotation.MIN_OPERATIONS
        || config.maxOperations() > KeyRotation.MAX_OPERATIONS) {
      return Response.failure(
          INVALID_REQUEST,
          "max_operations must be in the range [" + KeyRotation.MIN_OPERATIONS + ","
              + KeyRotation.MAX_OPERATIONS + "]");
    }
    rotation.configure(call.transaction(), config);
    return Response.empty();
  }
}
