package dev.strongroom;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    return session.request(Request.list(PATH)).names();
  }

  /**
   * Returns what is decided about a request of this session, and why. For operators: needs
   * {@code update} and {@code sudo} on {@code sys/policies/explain}. Nothing is done; parameters
   * are compared as if the request came now. A write is what {@code operation} says, creating or
   * updating: the engine that knows which is not asked.
   *
   * @throws IllegalArgumentException if there can be no such path
   */
  public PolicyExplanation explain(Operation operation, String path, Map<String, ?> parameters) {
    return explain(operation, path, parameters, Map.of());
  }

  /**
   * As {@link #explain} for the token of an accessor, with the policies of its entity.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if there is no such token
   */
  public PolicyExplanation explainForToken(
      String accessor, Operation operation, String path, Map<String, ?> parameters) {
    return explain(operation, path, parameters, Map.of("accessor", accessor));
  }

  /** As {@link #explain} for a caller with these policies and no identity. */
  public PolicyExplanation explainForPolicies(
      List<String> names, Operation operation, String path, Map<String, ?> parameters) {
    return explain(operation, path, parameters, Map.of("policies", names));
  }

  private PolicyExplanation explain(
      Operation operation, String path, Map<String, ?> parameters, Map<String, ?> whose) {
    Map<String, Object> members = new LinkedHashMap<>(whose);
    members.put("operation", operation.name().toLowerCase(Locale.ROOT));
    members.put("path", VaultPath.parse(path).text());
    members.put("parameters", parameters);
    return ExplanationPayload.read(session
        .request(Request.write("sys/policies/explain", members))
        .orThrow()
        .dataOrEmpty());
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
