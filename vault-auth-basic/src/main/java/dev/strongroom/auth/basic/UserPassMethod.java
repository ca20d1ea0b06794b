package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.TokenParameters;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The auth method {@code userpass} at one mount. */
final class UserPassMethod implements AuthMethod {
  private final Users users;
  private final List<Route> routes;

  UserPassMethod(Users users, Passwords passwords, SecureRandom random) {
    this.users = users;
    this.routes = Stream.of(
            new UserLogin(users, passwords).routes(),
            new UserPath(users, passwords, random).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public List<RecordKind<?>> records() {
    return Users.KINDS;
  }

  /** A user whose policies have changed logs in again. */
  @Override
  public Optional<Lifetimes> renew(Storage storage, IssuedToken token) {
    String name = token.metadata().getOrDefault(UserLogin.USERNAME, "");
    Optional<TokenParameters> user =
        NameRule.fits(name) ? users.find(storage, name) : Optional.empty();
    if (user.filter(now -> !policies(now.policies()).equals(policies(token.policies())))
        .isPresent()) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, "policies have changed, not renewing");
    }
    return user.map(now -> new Lifetimes(now.ttl(), now.maxTtl(), now.period()));
  }

  private static Set<String> policies(List<String> names) {
    return names.stream()
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .filter(name -> !name.isEmpty() && !name.equals("default"))
        .collect(Collectors.toSet());
  }
}
