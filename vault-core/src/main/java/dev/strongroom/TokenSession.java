package dev.strongroom;

import dev.strongroom.internal.token.Bearer;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;

/** A session on a token that the caller brought. */
final class TokenSession implements Session {
  private final Vault vault;
  private final Bearer bearer;
  private volatile boolean closed;

  TokenSession(Vault vault, Bearer bearer) {
    this.vault = vault;
    this.bearer = bearer;
  }

  @Override
  public Response request(Request request) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return vault.handle(request, bearer);
  }

  @Override
  public void close() {
    closed = true;
  }
}
