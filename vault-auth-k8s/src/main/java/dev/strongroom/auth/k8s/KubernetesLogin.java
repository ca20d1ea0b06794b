package dev.strongroom.auth.k8s;

import dev.strongroom.ErrorCode;
import dev.strongroom.Login;
import dev.strongroom.VaultException;
import dev.strongroom.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * How a pod logs in. Say where and as what, then where the token comes from:
 *
 * <pre>{@code
 * Session session =
 *     vault.login(KubernetesLogin.at("kubernetes").role("myapp-role").fromFile(token));
 * }</pre>
 *
 * The session renews its token while that can be renewed, and logs in again when it ends, with the
 * token that the file has then: Kubernetes replaces it. Immutable.
 */
public final class KubernetesLogin {
  private static final Path TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
  private static final long MAX_TOKEN = 16 * 1024;

  private final String mount;
  private final String role;

  private KubernetesLogin(String mount, String role) {
    this.mount = mount;
    this.role = role;
  }

  /**
   * Begins a login.
   *
   * @param mount path of the auth method below {@code auth/}, without slashes around it
   */
  public static KubernetesLogin at(String mount) {
    return new KubernetesLogin(Objects.requireNonNull(mount, "mount"), "");
  }

  /** Returns this login as that role. */
  public KubernetesLogin role(String name) {
    return new KubernetesLogin(mount, Objects.requireNonNull(name, "name"));
  }

  /**
   * Logs in with the token that every pod has, read at each login. It is meant for the API: the
   * role must have the API's audience, or {@link Relaxation#ROLES_WITHOUT_AUDIENCE none}.
   */
  public Login fromServiceAccount() {
    return fromFile(TOKEN);
  }

  /**
   * Logs in with a token in a file, such as a projected one with an audience of its own. It is read
   * at each login; one that cannot be read is a {@code VaultException} with code
   * {@code OUTSIDE_FAILED} there.
   */
  public Login fromFile(Path file) {
    Objects.requireNonNull(file, "file");
    return () -> request(read(file));
  }

  /**
   * Logs in with this token. A session that has to log in again uses it again, and cannot once it
   * has expired.
   *
   * @param token copied, and kept as long as the login is
   */
  public Login jwt(CharSequence token) {
    String kept = token.toString();
    return () -> request(kept);
  }

  private Request request(String token) {
    return Request.write("auth/" + mount + "/login", Map.of("role", role, "jwt", token));
  }

  private static String read(Path file) {
    try {
      if (Files.size(file) <= MAX_TOKEN) {
        return Files.readString(file).strip();
      }
      throw unreadable(file, "it has more than " + MAX_TOKEN + " bytes");
    } catch (IOException e) {
      throw unreadable(file, e.getClass().getSimpleName());
    }
  }

  private static VaultException unreadable(Path file, String why) {
    return new VaultException(
        ErrorCode.OUTSIDE_FAILED,
        "the token of the service account cannot be read from " + file + ": " + why);
  }
}
