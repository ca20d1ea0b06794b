package dev.strongroom;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and writes password policies, which say what passwords look like that the vault makes, with
 * the rights of a session. All methods block and throw {@link VaultException}:
 * {@code PERMISSION_DENIED}, {@code INVALID_REQUEST} where a text is no password policy,
 * {@code SEALED}. Thread-safe.
 *
 * <pre>{@code
 * length = 20
 * rule "charset" {
 *   charset   = "abcdefghijklmnopqrstuvwxyz"
 *   min-chars = 1
 * }
 * }</pre>
 */
public final class PasswordPolicies {
  private static final String PATH = "sys/policies/password/";

  private final Session session;

  private PasswordPolicies(Session session) {
    this.session = session;
  }

  public static PasswordPolicies of(Session session) {
    return new PasswordPolicies(session);
  }

  /** Stores a policy in the place of one of that name. Passwords have 4 to 100 characters. */
  public void put(String name, String text) {
    session.request(Request.write(PATH + name, Map.of("policy", text))).orThrow();
  }

  /** Returns the text of a policy. */
  public Optional<String> get(String name) {
    Response response = session.request(Request.read(PATH + name));
    return response.failure().filter(ErrorCode.NOT_FOUND::equals).isPresent()
        ? Optional.empty()
        : response.orThrow().data().flatMap(data -> data.text("policy"));
  }

  /** Removes a policy; nothing happens if there is none. */
  public void delete(String name) {
    session.request(Request.delete(PATH + name)).orThrow();
  }

  /** Returns the names of policies, and with a trailing slash those of folders of them. */
  public List<String> list() {
    return session.request(Request.list(PATH)).names();
  }

  /**
   * Makes a password by a policy; the vault does not keep it.
   *
   * @throws VaultException with code {@code NOT_FOUND} if there is no such policy, and
   *     {@code INTERNAL} if hardly any text keeps its rules, or it has more than 256 characters to
   *     choose from
   */
  public String generate(String name) {
    return session
        .request(Request.read(PATH + name + "/generate"))
        .orThrow()
        .dataOrEmpty()
        .text("password")
        .orElseThrow();
  }
}
