package dev.strongroom.kv;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code config}: settings of the mount. */
final class ConfigPath {
  private static final Duration DISABLED = Duration.ofSeconds(-1);

  List<Route> routes() {
    return List.of(Route.at("config", "Settings of the mount.")
        .field(
            "max_versions",
            FieldType.INTEGER,
            "Versions kept of a key; 0: 10. A key may keep more.")
        .field("cas_required", FieldType.FLAG, "Whether all writes must give cas.")
        .field(
            "metadata_cas_required",
            FieldType.FLAG,
            "Whether all writes of settings must give metadata_cas.")
        .field(
            "delete_version_after",
            FieldType.DURATION,
            "How long versions live; 0: for ever; negative: whatever keys say.")
        .on(Operation.READ, this::read)
        .on(Operation.UPDATE, this::write));
  }

  private Response read(Call call) {
    EngineConfig config = EngineConfig.load(call.storage());
    return Response.of(Payload.of(Map.of(
        "max_versions", config.maxVersions(),
        "cas_required", config.casRequired(),
        "metadata_cas_required", config.metadataCasRequired(),
        "delete_version_after", DurationText.format(config.deleteVersionAfter()))));
  }

  private Response write(Call call) {
    if (Stream.of("max_versions", "cas_required", "metadata_cas_required", "delete_version_after")
        .noneMatch(call::has)) {
      return Response.empty();
    }
    EngineConfig before = EngineConfig.load(call.storage());
    new EngineConfig(
            call.has("max_versions") ? Settings.maxVersions(call) : before.maxVersions(),
            call.flag("cas_required").orElse(before.casRequired()),
            call.flag("metadata_cas_required").orElse(before.metadataCasRequired()),
            call.duration("delete_version_after")
                .map(duration -> duration.isNegative() ? DISABLED : duration)
                .orElse(before.deleteVersionAfter()))
        .store(call.storage());
    return Response.empty();
  }
}
