package dev.strongroom.auth.basic;

import dev.strongroom.Login;
import dev.strongroom.request.Request;
import dev.strongroom.spi.AuthMethod;
import dev.strongroom.spi.AuthMethodType;
import dev.strongroom.spi.MountContext;
import java.util.Map;
import java.util.Objects;

/**
 * Logins of programs with a role id and a secret id. Same paths, rules and texts as the
 * {@code approle} auth method of OpenBao v2.6.2.
 */
public final class AppRole {
  private AppRole() {}

  /** Returns the auth method, for {@link dev.strongroom.VaultBuilder#auth}. */
  public static AuthMethodType method() {
    return new Type();
  }

  /**
   * A login of a role. A session that has to log in again uses the same secret id again, which
   * fails where it has no use left; a role with a {@code token_period} needs only one login.
   *
   * @param mount path of the auth method below {@code auth/}, without slashes around it
   * @param secretId copied, and kept as long as the login is
   */
  public static Login login(String mount, String roleId, char[] secretId) {
    Objects.requireNonNull(mount, "mount");
    char[] kept = secretId.clone();
    return () -> Request.write(
        "auth/" + mount + "/login", Map.of("role_id", roleId, "secret_id", new String(kept)));
  }

  private static final class Type implements AuthMethodType {
    @Override
    public String name() {
      return "approle";
    }

    @Override
    public AuthMethod create(MountContext context) {
      return new AppRoleMethod(context.random());
    }
  }
}
