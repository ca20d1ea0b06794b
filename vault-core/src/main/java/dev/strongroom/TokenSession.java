package dev.strongroom;

import dev.strongroom.internal.listener.SessionListeners;
import dev.strongroom.internal.token.Bearer;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session on a token that the caller brought, or on none. */
final class TokenSession implements Session {
  private final Vault vault;
  private final SessionListeners listeners;
  /** Null when the session is closed: who still holds it no longer holds the token. */
  private volatile @Nullable Bearer bearer;

  TokenSession(Vault vault, Bearer bearer) {
    this.vault = vault;
    this.bearer = bearer;
    this.listeners = vault.listeners().ofSession(this::caller);
  }

  @Override
  public Response request(Request request) {
    return vault.handle(request, requireBearer());
  }

  @Override
  public Registration onChange(String prefix, Consumer<Change> listener) {
    return vault.listen(prefix, requireBearer(), () -> listeners.add(prefix, listener));
  }

  private Optional<Caller> caller() {
    Bearer current = bearer;
    return current == null ? Optional.empty() : vault.identify(current);
  }

  private Bearer requireBearer() {
    Bearer current = bearer;
    if (current == null) {
      throw new IllegalStateException("the session is closed");
    }
    return current;
  }

  @Override
  public void close() {
    bearer = null;
    listeners.close();
  }
}
