package dev.strongroom;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and writes policies, and asks what a session may do, with the rights of that session. All
 * methods block and throw {@link VaultException}: {@code PERMISSION_DENIED} where the session may
 * not, {@code INVALID_REQUEST} with line and column where a text is no policy, {@code SEALED}.
 * Thread-safe.
 */
public final class Policies {
  private static final String PATH = "sys/policies/acl/";

  private final Session session;

  private Policies(Session session) {
    this.session = session;
  }

  public static Policies of(Session session) {
    return new Policies(session);
  }

  /**
   * Stores a policy in the place of one of that name; it counts from the next request of every
   * token on.
   */
  public void put(String name, String text) {
    session.request(Request.write(PATH + name, Map.of("policy", text))).orThrow();
  }

  /** Returns the text of a policy. */
  public Optional<String> get(String name) {
    Response response = session.request(Request.read(PATH + name));
    return response.isMissing()
        ? Optional.empty()
        : response.orThrow().data().flatMap(data -> data.text("policy"));
  }

  /**
   * Removes a policy; nothing happens if there is none. Tokens keep the name, which then allows
   * nothing.
   */
  public void delete(String name) {
    session.request(Request.delete(PATH + name)).orThrow();
  }

  /** Returns the names of all policies. */
  public List<String> list() {
    Response response = session.request(Request.list(PATH));
    return response.isMissing() ? List.of() : response.orThrow().dataOrEmpty().texts("keys");
  }

  /**
   * Returns what the session may do on a path: words such as {@code read}, sorted; {@code deny}
   * alone for nothing, {@code root} alone for everything.
   */
  public List<String> capabilities(String path) {
    return session
        .request(Request.write("sys/capabilities-self", Map.of("paths", List.of(path))))
        .orThrow()
        .dataOrEmpty()
        .texts("capabilities");
  }
}
