package dev.strongroom.testkit;

import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a {@link Scenario} that are no requests here but methods of {@link Vault}:
 * {@code sys/init}, {@code sys/unseal}, {@code sys/seal-status}. As whoever puts a vault behind
 * HTTP would answer them.
 */
final class HostVerbs {
  private HostVerbs() {}

  /** Returns the answer; empty for a step that is a request. */
  static Optional<Answer> answer(Vault vault, Step step) {
    try {
      return switch (step.method() + " " + step.path()) {
        case "GET sys/init" ->
          Optional.of(new Answer(200, Map.of("initialized", vault.sealStatus().initialized())));
        case "PUT sys/init" -> Optional.of(initialize(vault, step.body()));
        case "GET sys/seal-status" -> Optional.of(status(vault.sealStatus()));
        case "PUT sys/unseal" -> Optional.of(unseal(vault, step.body()));
        default -> Optional.empty();
      };
    } catch (VaultException e) {
      boolean vaults = e.code() == ErrorCode.STORAGE_FAILED || e.code() == ErrorCode.INTERNAL;
      return Optional.of(refused(vaults ? 500 : 400, e));
    } catch (IllegalArgumentException e) {
      return Optional.of(refused(400, e));
    }
  }

  private static Answer initialize(Vault vault, Map<String, @Nullable Object> body) {
    KeyShares shares;
    try {
      shares = KeyShares.requested(number(body, "secret_shares"), number(body, "secret_threshold"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid seal configuration: " + e.getMessage(), e);
    }
    try (InitialKeys keys = vault.initialize(shares)) {
      return new Answer(
          200,
          Map.of(
              "keys", keys.shares().stream().map(KeyShare::exposeHex).toList(),
              "keys_base64", keys.shares().stream().map(KeyShare::exposeBase64).toList(),
              "root_token", keys.rootToken().exposeText()));
    }
  }

  private static Answer unseal(Vault vault, Map<String, @Nullable Object> body) {
    if (Boolean.TRUE.equals(body.get("reset"))) {
      return status(vault.resetUnseal());
    }
    String key = text(body, "key")
        .orElseThrow(() -> new IllegalArgumentException(
            "'key' must be specified in request body as JSON, or 'reset' set to true"));
    try (KeyShare share = KeyShare.parse(key)) {
      return status(vault.unseal(share));
    }
  }

  private static Answer status(SealStatus status) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", status.sealType());
    body.put("initialized", status.initialized());
    body.put("sealed", status.sealed());
    body.put("t", status.shares().map(KeyShares::threshold).orElse(0));
    body.put("n", status.shares().map(KeyShares::total).orElse(0));
    body.put("progress", status.given());
    body.put("nonce", status.nonce().orElse(""));
    body.put("migration", status.migrating());
    body.put("recovery_seal", !status.sealType().equals("shamir"));
    return new Answer(200, body);
  }

  private static Answer refused(int code, RuntimeException e) {
    return new Answer(code, Map.of("errors", List.of(String.valueOf(e.getMessage()))));
  }

  private static long number(Map<String, @Nullable Object> body, String name) {
    return body.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** Names match in either case, as in the reference. */
  private static Optional<String> text(Map<String, @Nullable Object> body, String name) {
    return body.entrySet().stream()
        .filter(member -> member.getKey().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .map(member -> String.valueOf(member.getValue()));
  }
}
