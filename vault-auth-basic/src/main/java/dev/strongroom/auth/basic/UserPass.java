package dev.strongroom.auth.basic;

import dev.strongroom.Login;
import dev.strongroom.auth.basic.PasswordHash.Cost;
import dev.strongroom.request.Request;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.MountContext;
import java.util.Map;
import java.util.Objects;

/**
 * Logins with user name and password. Same paths, rules and texts as the {@code userpass} auth
 * method of OpenBao v2.6.2, but passwords are hashed with Argon2id (RFC 9106: 64 MiB, three passes,
 * four lanes), at most four logins of a vault at a time.
 */
public final class UserPass {
  private UserPass() {}

  /** Returns the auth method, for {@link dev.strongroom.VaultBuilder#auth}. */
  public static AuthMethodType method() {
    return new Type(Cost.RECOMMENDED);
  }

  static AuthMethodType method(Cost cost) {
    return new Type(cost);
  }

  /**
   * A login of a user.
   *
   * @param mount path of the auth method below {@code auth/}, without slashes around it
   * @param password copied, and kept as long as the login is
   */
  public static Login login(String mount, String user, char[] password) {
    Objects.requireNonNull(mount, "mount");
    char[] kept = password.clone();
    return () ->
        Request.write("auth/" + mount + "/login/" + user, Map.of("password", new String(kept)));
  }

  private static final class Type implements AuthMethodType {
    private final Passwords passwords;

    Type(Cost cost) {
      this.passwords = new Passwords(cost);
    }

    @Override
    public String name() {
      return "userpass";
    }

    @Override
    public AuthMethod create(MountContext context) {
      return new UserPassMethod(new Users(), passwords, context.random());
    }
  }
}
