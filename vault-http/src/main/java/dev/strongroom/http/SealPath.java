package dev.strongroom.http;

import dev.strongroom.Vault;

/** {@code sys/seal}: needs the right to, unless the vault is sealed already. */
final class SealPath implements HostPath {
  private final Vault vault;
  private final LogicalPath logical;

  SealPath(Vault vault, LogicalPath logical) {
    this.vault = vault;
    this.logical = logical;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HostPath.requireMethod(call, "POST", "PUT");
    return vault.sealStatus().sealed() ? Replies.empty(204) : logical.answer(call);
  }
}
