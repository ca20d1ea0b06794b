package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The auth method {@code approle} at one mount. */
final class AppRoleMethod implements AuthMethod {
  private static final int EXPIRED_PER_STEP = 100;

  private final Roles roles = new Roles();
  private final SecretIds secretIds;
  private final List<Route> routes;

  AppRoleMethod(SecureRandom random) {
    this.secretIds = new SecretIds(random);
    Identifiers identifiers = new Identifiers(random);
    this.routes = Stream.of(
            new AppRoleLogin(roles, secretIds).routes(),
            new SecretIdPath(roles, secretIds, identifiers).routes(),
            new RoleFieldPath(roles).routes(),
            new RolePath(roles, secretIds, identifiers).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public List<RecordKind<?>> records() {
    return Stream.concat(Roles.KINDS.stream(), SecretIds.KINDS.stream()).toList();
  }

  @Override
  public Optional<Lifetimes> renew(Storage storage, IssuedToken token) {
    String name = token.data().getOrDefault(AppRoleLogin.ROLE_NAME, "");
    Role role = roles
        .find(storage, name)
        .filter(now -> now.uid().equals(token.data().get(AppRoleLogin.ROLE_UID)))
        .orElseThrow(() -> new VaultException(
            ErrorCode.NOT_FOUND, "role \"" + name + "\" does not exist during renewal"));
    return Optional.of(
        new Lifetimes(role.tokens().ttl(), role.tokens().maxTtl(), role.tokens().period()));
  }

  /** Secret ids that have expired while the vault was sealed, or before, go when it opens. */
  @Override
  public boolean work(Storage storage, Instant now) {
    return secretIds.removeExpired(storage, now, EXPIRED_PER_STEP) == EXPIRED_PER_STEP;
  }
}
