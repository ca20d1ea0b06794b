package dev.strongroom;

import dev.strongroom.internal.listener.SessionListeners;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.function.Consumer;

/** A session on a token that the caller brought, or on none. */
final class TokenSession implements Session {
  private final Vault vault;
  private final Bearer bearer;
  private final SessionListeners listeners;
  private volatile boolean closed;

  TokenSession(Vault vault, Bearer bearer) {
    this.vault = vault;
    this.bearer = bearer;
    this.listeners = vault.listeners().ofSession(() -> vault.identify(bearer));
  }

  @Override
  public Response request(Request request) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return vault.handle(request, bearer);
  }

  @Override
  public Registration onChange(String prefix, Consumer<Change> listener) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    return vault.listen(prefix, bearer, () -> listeners.add(prefix, listener));
  }

  @Override
  public void close() {
    closed = true;
    listeners.close();
  }
}
