package dev.strongroom.internal.system;

import dev.strongroom.internal.version.VersionHistory;
import dev.strongroom.internal.version.VersionHistory.Version;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sys/version-history}: which versions have opened the store, and since when. */
final class VersionHistoryPath {
  private final VersionHistory history;

  VersionHistoryPath(VersionHistory history) {
    this.history = history;
  }

  List<Route> routes() {
    return List.of(Route.at("version-history", "Versions that have opened the store.")
        .on(Operation.LIST, call -> list(SystemCall.of(call))));
  }

  private Response list(SystemCall call) {
    List<Version> versions = history.all(call.transaction());
    Map<String, Object> info = new LinkedHashMap<>();
    @Nullable String before = null;
    for (Version version : versions) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("commit_date", version.built());
      members.put("previous_version", before);
      members.put("timestamp_installed", InstantText.format(version.since()));
      info.put(version.text(), members);
      before = version.text();
    }
    return Response.of(Payload.of(
        Map.of("keys", versions.stream().map(Version::text).toList(), "key_info", info)));
  }
}
