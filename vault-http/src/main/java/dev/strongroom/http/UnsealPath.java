package dev.strongroom.http;

import dev.strongroom.KeyShare;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;

/** {@code sys/unseal}: takes one key share at a time. */
final class UnsealPath implements HostPath {
  private final Vault vault;
  private final SealStatusPath status;

  UnsealPath(Vault vault, SealStatusPath status) {
    this.vault = vault;
    this.status = status;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "POST", "PUT");
    StructBody body = new StructBody(call.body());
    return status.reply(body.flag("reset") ? reset() : give(body));
  }

  private SealStatus reset() {
    if (!vault.sealStatus().sealed()) {
      throw Refusal.of(400, "vault is unsealed");
    }
    return vault.resetUnseal();
  }

  private SealStatus give(StructBody body) {
    String key = body.text("key");
    if (key.isEmpty()) {
      throw Refusal.of(
          400, "'key' must be specified in request body as JSON, or 'reset' set to true");
    }
    try (KeyShare share = parse(key)) {
      return body.flag("migrate") ? vault.migrateSeal(share) : vault.unseal(share);
    }
  }

  private static KeyShare parse(String key) {
    try {
      return KeyShare.parse(key);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, "'key' must be a valid hex or base64 string");
    }
  }
}
