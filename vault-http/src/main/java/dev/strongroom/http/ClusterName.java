package dev.strongroom.http;

import dev.strongroom.Vault;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What clients know a vault by that is unsealed; the same after every start. */
record ClusterName(UUID id) {

  static Optional<ClusterName> of(Vault vault) {
    return vault.id().map(ClusterName::new);
  }

  void addTo(Map<String, Object> members) {
    members.put("cluster_name", "vault-cluster-" + id.toString().substring(0, 8));
    members.put("cluster_id", id.toString());
  }
}
