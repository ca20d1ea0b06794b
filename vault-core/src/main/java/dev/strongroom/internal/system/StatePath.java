package dev.strongroom.internal.system;

import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the vault was built with, without anything secret: {@code sys/config/state/sanitized}. Names
 * as in OpenBao v2.6.2 {@code command/server/config.go}, of settings that exist here.
 */
final class StatePath {
  private final TtlRules ttls;
  private final boolean ceremoniesWithoutToken;
  private final boolean auditOverApi;

  StatePath(TtlRules ttls, boolean ceremoniesWithoutToken, boolean auditOverApi) {
    this.ttls = ttls;
    this.ceremoniesWithoutToken = ceremoniesWithoutToken;
    this.auditOverApi = auditOverApi;
  }

  List<Route> routes() {
    return List.of(Route.at("config/state/sanitized", "What the vault was built with.")
        .on(Operation.READ, call -> Response.of(Payload.of(members()))));
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("default_lease_ttl", ttls.defaultTtl().toSeconds());
    members.put("max_lease_ttl", ttls.maxTtl().toSeconds());
    members.put("disable_unauthed_rekey_endpoints", !ceremoniesWithoutToken);
    members.put("disable_unauthed_generate_root_endpoints", !ceremoniesWithoutToken);
    members.put("unsafe_allow_api_audit_creation", auditOverApi);
    members.put("allow_audit_log_prefixing", false);
    members.put("disable_clustering", true);
    members.put("enable_ui", false);
    members.put("introspection_endpoint", false);
    members.put("raw_storage_endpoint", false);
    return members;
  }
}
