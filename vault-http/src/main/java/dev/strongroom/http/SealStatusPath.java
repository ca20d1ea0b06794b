package dev.strongroom.http;

import dev.strongroom.ApiVersion;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code sys/seal-status}: how far the vault is open. */
final class SealStatusPath implements HostPath {
  private final Vault vault;
  private final String storageType;

  SealStatusPath(Vault vault, String storageType) {
    this.vault = vault;
    this.storageType = storageType;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "GET");
    return reply(vault.sealStatus());
  }

  HttpReply reply(SealStatus status) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", status.sealType());
    members.put("initialized", status.initialized());
    members.put("sealed", status.sealed());
    members.put("t", status.shares().map(KeyShares::threshold).orElse(0));
    members.put("n", status.shares().map(KeyShares::total).orElse(0));
    members.put("progress", status.given());
    members.put("nonce", status.nonce().orElse(""));
    members.put("version", ApiVersion.TEXT);
    members.put("build_date", ApiVersion.DATE);
    members.put("commit_date", ApiVersion.DATE);
    members.put("migration", status.migrating());
    members.put("recovery_seal", !status.sealType().equals("shamir"));
    members.put("storage_type", storageType);
    ClusterName.of(vault).ifPresent(name -> name.addTo(members));
    return Replies.bare(200, members);
  }
}
