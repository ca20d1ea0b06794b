package dev.strongroom.request;

import dev.strongroom.ClientToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the content of a response waits instead of being in it: behind a token that gives it once.
 *
 * @param token whoever has it may unwrap, once
 * @param accessor names the token without being one
 * @param ttl how long the content waits, in whole seconds
 * @param createdAt when the token was made
 * @param creationPath the request whose answer was wrapped; stays when it is wrapped again
 * @param wrappedAccessor names what is inside, where that has a name: the token of a login, a
 *     secret id
 */
public record WrapInfo(
    ClientToken token,
    String accessor,
    Duration ttl,
    Instant createdAt,
    String creationPath,
    Optional<String> wrappedAccessor) {
  public WrapInfo {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(accessor, "accessor");
    Objects.requireNonNull(ttl, "ttl");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(creationPath, "creationPath");
    Objects.requireNonNull(wrappedAccessor, "wrappedAccessor");
  }
}
