package dev.strongroom.auth.basic;

import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.LoginGrant;
import dev.strongroom.spi.LoginHandler;
import dev.strongroom.spi.LoginRefused;
import dev.strongroom.spi.NameRule;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenParameters;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code login/:username}. A name that nobody has costs the same time as a wrong password, and is
 * answered and counted the same way.
 */
final class UserLogin implements LoginHandler {
  static final String USERNAME = "username";

  private static final String REFUSED = "invalid username or password";

  private final Users users;
  private final Passwords passwords;

  UserLogin(Users users, Passwords passwords) {
    this.users = users;
    this.passwords = passwords;
  }

  List<Route> routes() {
    return List.of(Route.at("login/{username}", "Logs a user in.")
        .field("password", FieldType.TEXT, "The user's password.")
        .onLogin(this));
  }

  @Override
  public Optional<String> claimedAlias(Call call) {
    String name = call.captured(USERNAME);
    return NameRule.fits(name) ? Optional.of(NameRule.fold(name)) : Optional.empty();
  }

  @Override
  public Proven prove(Call call) {
    String password = Passwords.requireFitting(call.text("password").orElse(""));
    if (password.isEmpty()) {
      throw LoginRefused.invalid("missing password", "it came without a password");
    }
    Optional<String> name = claimedAlias(call);
    Optional<byte[]> stored = name.flatMap(user -> users.password(call.storage(), user));
    PasswordHash hash = stored.map(PasswordHash::parse).orElseGet(passwords::nobodys);
    if (!passwords.matches(password, hash) || stored.isEmpty()) {
      throw LoginRefused.wrongCredential(
          REFUSED,
          stored.isPresent()
              ? "wrong password of the user " + name.orElseThrow()
              : "no user has that name");
    }
    return later -> grant(later, name.orElseThrow(), stored.get());
  }

  private LoginGrant grant(Call call, String name, byte[] proven) {
    Optional<TokenParameters> user = users.find(call.storage(), name);
    boolean unchanged = users
        .password(call.storage(), name)
        .filter(now -> MessageDigest.isEqual(now, proven))
        .isPresent();
    if (user.isEmpty() || !unchanged) {
      throw LoginRefused.invalid(REFUSED, "the user " + name + " was changed meanwhile");
    }
    return new LoginGrant(name, name, Map.of(USERNAME, name), user.get(), Map.of());
  }
}
