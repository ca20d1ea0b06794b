package dev.strongroom.http;

import dev.strongroom.ApiVersion;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code sys/health}: tells load balancers by the status alone how the vault is. Same statuses as
 * OpenBao v2.6.2 {@code http/sys_health.go}; one node is never a standby.
 */
final class HealthPath implements HostPath {
  private final Vault vault;
  private final InstantSource clock;

  HealthPath(Vault vault, InstantSource clock) {
    this.vault = vault;
    this.clock = clock;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "GET", "HEAD");
    RequestTarget target = call.target();
    QueryFlag.isSet(target, "standbyok");
    code(target, "standbycode", 429);
    int uninitialized = code(target, "uninitcode", 501);
    int sealed = code(target, "sealedcode", 503);
    int active = code(target, "activecode", 200);
    SealStatus status = vault.sealStatus();
    int code = status.initialized() ? status.sealed() ? sealed : active : uninitialized;
    return code == 204 || code == 304 ? Replies.empty(code) : Replies.bare(code, members(status));
  }

  private Map<String, ?> members(SealStatus status) {
    String replication = status.sealed() ? "unknown" : "disabled";
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("initialized", status.initialized());
    members.put("sealed", status.sealed());
    members.put("standby", status.sealed());
    members.put("replication_performance_mode", replication);
    members.put("replication_dr_mode", replication);
    members.put("server_time_utc", clock.instant().getEpochSecond());
    members.put("version", ApiVersion.TEXT);
    ClusterName.of(vault).ifPresent(name -> name.addTo(members));
    return members;
  }

  private static int code(RequestTarget target, String name, int otherwise) {
    @Nullable String text = target.first(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[2-5][0-9][0-9]")) {
      throw Refusal.silent(400);
    }
    return Integer.parseInt(text);
  }
}
