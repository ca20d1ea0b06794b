package dev.strongroom.cli;

import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.StoreSummary;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What a snapshot tells without a key. */
final class SnapshotText {
  private SnapshotText() {}

  static Map<String, Object> members(Path file, SealStatus status, StoreSummary summary) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("file", file.toString());
    members.put("vault_id", summary.vaultId().map(UUID::toString).orElse(""));
    members.put("created", summary.createdAt().map(Object::toString).orElse(""));
    members.put("revision", summary.revision());
    members.put("rows", summary.rows());
    members.put("due_rows", summary.dueRows());
    members.put("type", status.sealType());
    members.put("initialized", status.initialized());
    members.put("t", status.shares().map(KeyShares::threshold).orElse(0));
    members.put("n", status.shares().map(KeyShares::total).orElse(0));
    return members;
  }

  static String of(StoreSummary summary) {
    return "revision " + summary.revision() + ", " + summary.rows() + " rows, "
        + summary.dueRows() + " due rows"
        + summary.vaultId().map(id -> ", vault " + id).orElse("");
  }
}
