package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.strongroom.VaultException;
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
            .on(Operation.UPDATE, this::move),
        Route.at("remount/status/{id}", "What became of a move.").on(Operation.READ, this::status));
  }

  private Response move(Call call) {
    String from = path(call, "from");
    String to = path(call, "to");
    Transaction tx = SystemCall.of(call).transaction();
    String id = mounts.move(tx, from, to).uuid().toString();
    tx.afterCommit(revision -> moves.put(id, new Moved(from, to)));
    return Response.of(Payload.of(Map.of("migration_id", id)))
        .withWarning(
            "Mount move has been carried out. Leases and policies that name the old path do not follow it.");
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

  private static String path(Call call, String field) {
    return call.text(field)
        .filter(text -> !text.isEmpty())
        .map(text -> MountPath.folder(text.startsWith("/") ? text.substring(1) : text))
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST, "both 'from' and 'to' path must be specified as a string"));
  }
}
