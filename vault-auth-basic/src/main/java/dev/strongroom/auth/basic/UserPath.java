package dev.strongroom.auth.basic;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code users}: makes, reads, changes, lists and removes users. */
final class UserPath {
  private static final Set<String> SETTINGS = Stream.concat(
          TokenParameters.NAMES.stream(), Stream.of("policies", "ttl", "max_ttl", "bound_cidrs"))
      .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> POLICIES = Set.of("token_policies", "policies");
  private static final String PASSWORD = "password";
  private static final String PASSWORD_HASH = "password_hash";

  private final Users users;
  private final Passwords passwords;
  private final SecureRandom random;

  UserPath(Users users, Passwords passwords, SecureRandom random) {
    this.users = users;
    this.passwords = passwords;
    this.random = random;
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at("users", "Names of the users.")).on(Operation.LIST, this::list),
        withPassword(TokenParameters.declare(Route.at("users/{username}", "A user."), SETTINGS))
            .exists(call -> NameRule.fits(call.captured("username"))
                && users
                    .find(call.storage(), NameRule.fold(call.captured("username")))
                    .isPresent())
            .on(Operation.READ, this::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, this::delete),
        withPassword(Route.at("users/{username}/password", "A user's password."))
            .on(Operation.UPDATE, this::setPassword),
        TokenParameters.declare(
                Route.at("users/{username}/policies", "A user's policies."), POLICIES)
            .on(Operation.UPDATE, this::setPolicies));
  }

  private static Route withPassword(Route route) {
    return route
        .field(PASSWORD, FieldType.TEXT, "The password.")
        .field(PASSWORD_HASH, FieldType.TEXT, "Its bcrypt hash, instead.");
  }

  private static String name(Call call, String after) {
    return NameRule.folded(call, "username", "users/", after);
  }

  private Response list(Call call) {
    return Page.answer(call, users.names(call.storage()));
  }

  private Response read(Call call) {
    return users
        .find(call.storage(), name(call, ""))
        .map(user -> Response.of(Payload.of(user.describe())))
        .orElse(Response.empty());
  }

  private Response write(Call call) {
    String name = name(call, "");
    Optional<TokenParameters> before = users.find(call.storage(), name);
    boolean given = isGiven(call, PASSWORD) || isGiven(call, PASSWORD_HASH);
    if (before.isEmpty() && !given) {
      throw refused("must provide either password or password_hash");
    }
    users.put(call.storage(), name, before.orElse(TokenParameters.NONE).changedBy(call, SETTINGS));
    if (given) {
      users.putPassword(call.storage(), name, hash(call));
    }
    return Response.empty();
  }

  private Response delete(Call call) {
    users.delete(call.storage(), name(call, ""));
    return Response.empty();
  }

  private Response setPassword(Call call) {
    String name = name(call, "/password");
    requireThere(call, name);
    users.putPassword(call.storage(), name, hash(call));
    return Response.empty();
  }

  private Response setPolicies(Call call) {
    String name = name(call, "/policies");
    users.put(call.storage(), name, requireThere(call, name).changedBy(call, POLICIES));
    return Response.empty();
  }

  private TokenParameters requireThere(Call call, String name) {
    return users.find(call.storage(), name).orElseThrow(() -> refused("username does not exist"));
  }

  private PasswordHash hash(Call call) {
    String password = Passwords.requireFitting(call.text(PASSWORD).orElse(""));
    String ready = call.text(PASSWORD_HASH).orElse("");
    if (password.isEmpty() == ready.isEmpty()) {
      throw refused(
          password.isEmpty()
              ? "must provide either password or password_hash"
              : "only one of password or password_hash may be provided");
    }
    try {
      return ready.isEmpty() ? passwords.hash(password, random) : PasswordHash.bcrypt(ready);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isGiven(Call call, String field) {
    return call.text(field).filter(text -> !text.isEmpty()).isPresent();
  }

  private static VaultException refused(String reason) {
    return new VaultException(ErrorCode.INVALID_REQUEST, reason);
  }
}
