package dev.strongroom.internal.system;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/remount}: moves a mount. Moving is one small write, done before the answer; the status
 * that clients then poll says so.
 */
final class RemountPath {
  private static final int REMEMBERED = 1000;

  private final MountChanges mounts;
  private final Cache<String, Moved> moves =
      Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();

  private record Moved(String from, String to) {}

  RemountPath(MountChanges mounts) {
    this.mounts = mounts;
  }

  List<Route> routes() {
    return List.of(
        Route.at("remount", "Moves a mount with its data.")
            .sudo()
            .field("from", FieldType.TEXT, "Where it is.")
            .field("to", FieldType.TEXT, "Where it goes.")
            .on(Operation.UPDATE, call -> move(SystemCall.of(call))),
        Route.at("remount/status/{id}", "What became of a move.").on(Operation.READ, this::status));
  }

  private Response move(SystemCall call) {
    String from = path(call, "from");
    String to = path(call, "to");
    Transaction tx = call.transaction();
    String id = mounts.move(tx, from, to).uuid().toString();
    tx.afterCommit(revision -> moves.put(id, new Moved(from, to)));
    return Response.of(Payload.of(Map.of("migration_id", id)))
        .withWarning(
            "Mount move has been carried out. Its leases follow it and keep their ids; policies that name the old path do not.");
  }

  private Response status(Call call) {
    String id = call.captured("id");
    Moved moved = moves.getIfPresent(id);
    if (moved == null) {
      return Response.empty();
    }
    return Response.of(Payload.of(Map.of(
        "migration_id",
        id,
        "migration_info",
        Map.of("source_mount", moved.from, "target_mount", moved.to, "status", "success"))));
  }

  private static String path(SystemCall call, String field) {
    String path = call.required(field, "both 'from' and 'to' path must be specified as a string");
    return MountPath.folder(path.startsWith("/") ? path.substring(1) : path);
  }
}
