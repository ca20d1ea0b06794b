package dev.strongroom.http;

import dev.strongroom.KeyShare;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import dev.strongroom.request.Origin;

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
    return status.reply(body.flag("reset") ? reset(call.origin()) : give(body, call.origin()));
  }

  private SealStatus reset(Origin from) {
    if (!vault.sealStatus().sealed()) {
      throw Refusal.of(400, "vault is unsealed");
    }
    return vault.resetUnseal(from);
  }

  private SealStatus give(StructBody body, Origin from) {
    String key = body.text("key");
    if (key.isEmpty()) {
      throw Refusal.of(
          400, "'key' must be specified in request body as JSON, or 'reset' set to true");
    }
    try (KeyShare share = parse(key)) {
      return body.flag("migrate") ? vault.migrateSeal(share, from) : vault.unseal(share, from);
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
