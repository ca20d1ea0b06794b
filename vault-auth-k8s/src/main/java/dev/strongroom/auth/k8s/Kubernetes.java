package dev.strongroom.auth.k8s;

import dev.strongroom.Session;
import dev.strongroom.auth.k8s.LoginExplanation.Check;
import dev.strongroom.auth.k8s.LoginExplanation.State;
import dev.strongroom.auth.k8s.internal.method.KubernetesMethodType;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Kubernetes logins of one mount, for those who look after them, with the rights of a session. All
 * methods block and throw {@link dev.strongroom.VaultException}: {@code PERMISSION_DENIED} where
 * the session may not, {@code INVALID_REQUEST} for a value that is refused, {@code SEALED}.
 * Thread-safe.
 */
public final class Kubernetes {
  private final Session session;

  /** With a trailing slash. */
  private final String mount;

  private Kubernetes(Session session, String mount) {
    this.session = session;
    this.mount = mount;
  }

  /**
   * Returns the logins of a mount; whether there is one shows at the first call.
   *
   * @param mount path of the auth method below {@code auth/}, such as {@code kubernetes}
   * @throws IllegalArgumentException if that cannot be a path
   */
  public static Kubernetes at(Session session, String mount) {
    Objects.requireNonNull(session, "session");
    VaultPath path = VaultPath.parse(mount);
    if (path.text().isEmpty()) {
      throw new IllegalArgumentException("a mount has a path, such as kubernetes");
    }
    return new Kubernetes(session, "auth/" + path.asFolder().text());
  }

  /**
   * Says how the API is reached, in the place of all that was said before.
   *
   * @return warnings: what will keep logins from succeeding
   */
  public List<String> configure(KubernetesConfig config) {
    return ask(Operation.UPDATE, "config", config.parameters()).orThrow().warnings();
  }

  /**
   * Makes a role, or replaces one; token parameters that {@link KubernetesRole} does not have stay.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void putRole(String name, KubernetesRole role) {
    Response unused = ask(Operation.UPDATE, rolePath(name), role.parameters()).orThrow();
  }

  /**
   * Returns a role; labels of namespaces only where they were written as JSON.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public Optional<KubernetesRole> role(String name) {
    Response response = ask(Operation.READ, rolePath(name), Map.of());
    return response.isMissing()
        ? Optional.empty()
        : Optional.of(KubernetesRole.read(response.orThrow().dataOrEmpty()));
  }

  /** Returns the names of the roles. */
  public List<String> roles() {
    return ask(Operation.LIST, "role/", Map.of()).names();
  }

  /**
   * Removes a role, if it is there. Its tokens are not renewed any more.
   *
   * @throws IllegalArgumentException if that cannot be the name of a role
   */
  public void deleteRole(String name) {
    Response unused = ask(Operation.DELETE, rolePath(name), Map.of()).orThrow();
  }

  /**
   * Says why a login succeeds or fails, check by check; needs {@code update} on
   * {@code auth/<mount>/explain}. The API is asked, no token comes of it. What comes behind the
   * checks is not looked at: the address of the caller, and whether the policies can be granted.
   *
   * @param token of the service account; it is sent to the API, and kept nowhere
   */
  public LoginExplanation explainLogin(String role, CharSequence token) {
    Payload data = ask(Operation.UPDATE, "explain", Map.of("role", role, "jwt", token.toString()))
        .orThrow()
        .dataOrEmpty();
    List<?> checks = (List<?>) data.get("checks").orElse(List.of());
    return new LoginExplanation(
        data.flag("would_succeed").orElse(false),
        checks.stream().map(Kubernetes::check).toList());
  }

  private static Check check(Object each) {
    Map<?, ?> members = (Map<?, ?>) each;
    return new Check(
        text(members, "check"),
        State.valueOf(text(members, "state").toUpperCase(Locale.ROOT)),
        text(members, "expected"),
        text(members, "found"),
        text(members, "advice"));
  }

  private static String text(Map<?, ?> members, String name) {
    return String.valueOf(members.get(name));
  }

  private static String rolePath(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a name is one part of a path, such as my-role, but got \"" + name + "\"");
    }
    return "role/" + name;
  }

  private Response ask(Operation operation, String path, Map<String, ?> members) {
    return session.request(Request.of(operation, VaultPath.parse(mount + path), Payload.of(members))
        .forApi(KubernetesMethodType.API));
  }
}
