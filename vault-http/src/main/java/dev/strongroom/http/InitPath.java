package dev.strongroom.http;

import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code sys/init}: makes the keys of a new vault, once. */
final class InitPath implements HostPath {
  private static final String SHAMIR = "shamir";

  private final Vault vault;

  InitPath(Vault vault) {
    this.vault = vault;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "GET", "POST", "PUT");
    if (!call.isWrite()) {
      return Replies.bare(200, Map.of("initialized", vault.sealStatus().initialized()));
    }
    StructBody body = new StructBody(call.body());
    SealStatus status = vault.sealStatus();
    if (status.initialized()) {
      throw Refusal.of(400, "Vault is already initialized");
    }
    boolean recovery = !status.sealType().equals(SHAMIR);
    requireApplicable(body, recovery, status.sealType());
    KeyShares shares = shares(body, recovery ? "recovery" : "secret");
    try (InitialKeys keys = vault.initialize(shares)) {
      return Replies.bare(200, members(keys, recovery));
    }
  }

  private static KeyShares shares(StructBody body, String kind) {
    try {
      return KeyShares.requested(body.integer(kind + "_shares"), body.integer(kind + "_threshold"));
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "invalid seal configuration: " + e.getMessage());
    }
  }

  private static void requireApplicable(StructBody body, boolean recovery, String sealType) {
    List<String> others = recovery
        ? List.of("secret_shares", "secret_threshold")
        : List.of("recovery_shares", "recovery_threshold");
    List<String> given = others.stream().filter(name -> body.integer(name) != 0).toList();
    if (!given.isEmpty()) {
      throw Refusal.of(
          400,
          "parameters " + String.join(",", given) + " not applicable to seal type " + sealType);
    }
    boolean encrypted = Stream.of("pgp_keys", "recovery_pgp_keys").anyMatch(body::hasList)
        || !body.text("root_token_pgp_key").isEmpty();
    if (encrypted) { // told before anything is made
      throw Refusal.of(400, "keys encrypted with PGP are not supported");
    }
  }

  private static Map<String, ?> members(InitialKeys keys, boolean recovery) {
    List<String> hex = keys.shares().stream().map(KeyShare::exposeHex).toList();
    List<String> base64 = keys.shares().stream().map(KeyShare::exposeBase64).toList();
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("keys", recovery ? List.of() : hex);
    members.put("keys_base64", recovery ? List.of() : base64);
    if (recovery) {
      members.put("recovery_keys", hex);
      members.put("recovery_keys_base64", base64);
    }
    members.put("root_token", keys.rootToken().exposeText());
    return members;
  }
}
