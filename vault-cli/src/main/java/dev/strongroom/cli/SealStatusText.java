package dev.strongroom.cli;

import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.request.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far a vault is open: the members of {@code sys/seal-status}, and the table of them. */
final class SealStatusText {
  private SealStatusText() {}

  /** Returns the members of a store that no vault has open. */
  static Map<String, Object> members(SealStatus status) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", status.sealType());
    members.put("initialized", status.initialized());
    members.put("sealed", status.sealed());
    members.put("t", status.shares().map(KeyShares::threshold).orElse(0));
    members.put("n", status.shares().map(KeyShares::total).orElse(0));
    members.put("progress", 0);
    members.put("nonce", "");
    members.put("migration", status.migrating());
    members.put("recovery_seal", !status.sealType().equals("shamir"));
    members.put("storage_type", "sqlite");
    return members;
  }

  /** Returns lines for people. */
  static List<String> table(Payload status) {
    boolean sealed = status.flag("sealed").orElse(true);
    boolean recovery = status.flag("recovery_seal").orElse(false);
    String threshold = text(status, "t");
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("Seal Type", text(status, "type"));
    if (recovery) {
      rows.put("Recovery Seal Type", "shamir");
    }
    rows.put("Initialized", text(status, "initialized"));
    rows.put("Sealed", text(status, "sealed"));
    rows.put(recovery ? "Total Recovery Shares" : "Total Shares", text(status, "n"));
    rows.put("Threshold", threshold);
    if (sealed && !recovery) {
      rows.put("Unseal Progress", text(status, "progress") + "/" + threshold);
      rows.put("Unseal Nonce", text(status, "nonce"));
    }
    if (status.flag("migration").orElse(false)) {
      rows.put("Seal Migration in Progress", "true");
    }
    rows.put("Version", text(status, "version"));
    rows.put("Storage Type", text(status, "storage_type"));
    rows.put("Cluster Name", text(status, "cluster_name"));
    rows.put("Cluster ID", text(status, "cluster_id"));
    rows.values().removeIf(String::isEmpty);
    return table(rows);
  }

  /** Returns a table of two columns, with a head. */
  private static List<String> table(Map<String, String> rows) {
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add(row("Key", "Value", width));
    lines.add(row("---", "-----", width));
    rows.forEach((key, value) -> lines.add(row(key, value, width)));
    return lines;
  }

  private static String row(String key, String value, int width) {
    return key + " ".repeat(width - key.length() + 4) + value;
  }

  /** A server is not trusted with the terminal. */
  private static String text(Payload status, String name) {
    return status.get(name).map(value -> TerminalText.of(value.toString())).orElse("");
  }
}
