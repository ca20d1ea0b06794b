package dev.strongroom;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes, looks up, renews and ends tokens, and the roles they are made with, with the rights of a
 * session. All methods block and throw {@link VaultException}: {@code PERMISSION_DENIED} where the
 * session may not, {@code INVALID_REQUEST} where the request is wrong, {@code SEALED}. Thread-safe.
 */
public final class Tokens {
  private static final String PATH = "auth/token/";

  private final Session session;

  private Tokens(Session session) {
    this.session = session;
  }

  public static Tokens of(Session session) {
    return new Tokens(session);
  }

  /**
   * What is known of a token.
   *
   * @param accessor names the token without being one; empty for a batch token
   * @param policies names, sorted
   * @param path the request that made it
   * @param role that it was made with
   * @param entityId whose it is
   * @param numUses requests left; 0: any number; -1: this was the last
   * @param boundCidrs where its requests must come from; none: from anywhere
   * @param explicitMaxTtl zero: none
   * @param period zero: not periodic
   */
  public record TokenInfo(
      TokenType type,
      String accessor,
      List<String> policies,
      String path,
      Optional<String> role,
      Optional<String> entityId,
      Map<String, String> metadata,
      String displayName,
      int numUses,
      boolean orphan,
      boolean renewable,
      List<Cidr> boundCidrs,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Duration explicitMaxTtl,
      Duration period) {
    public TokenInfo {
      policies = List.copyOf(policies);
      metadata = Map.copyOf(metadata);
      boundCidrs = List.copyOf(boundCidrs);
    }
  }

  /** Makes a token as {@code wanted}; it is in the answer, once. */
  public Auth create(TokenRequest wanted) {
    return auth(session.request(Request.write(PATH + wanted.path(), wanted.members())));
  }

  /** Returns what is known of the session's token. */
  public TokenInfo lookupSelf() {
    return info(session.request(Request.read(PATH + "lookup-self")));
  }

  /** Returns what is known of another token, which the vault must know. */
  public TokenInfo lookup(ClientToken token) {
    return info(
        session.request(Request.write(PATH + "lookup", Map.of("token", token.exposeText()))));
  }

  /** As {@link #lookup}, of the token that an accessor names. */
  public TokenInfo lookupAccessor(String accessor) {
    return info(
        session.request(Request.write(PATH + "lookup-accessor", Map.of("accessor", accessor))));
  }

  /**
   * Begins the lifetime of the session's token again: {@code increment} from now, or its own
   * lifetime if that is zero.
   *
   * @throws IllegalArgumentException if the increment is negative, or has a fraction of a second
   */
  public Auth renewSelf(Duration increment) {
    return auth(session.request(
        Request.write(PATH + "renew-self", Map.of("increment", seconds(increment)))));
  }

  /** As {@link #renewSelf} for another token. */
  public Auth renew(ClientToken token, Duration increment) {
    return auth(session.request(Request.write(
        PATH + "renew", Map.of("token", token.exposeText(), "increment", seconds(increment)))));
  }

  /** As {@link #renewSelf} for another token, which the answer does not give away. */
  public Auth renewAccessor(String accessor, Duration increment) {
    return auth(session.request(Request.write(
        PATH + "renew-accessor", Map.of("accessor", accessor, "increment", seconds(increment)))));
  }

  /** Ends the session's token and everything below it. */
  public void revokeSelf() {
    session.request(Request.write(PATH + "revoke-self", Map.of())).orThrow();
  }

  /**
   * Ends a token and everything below it, from the next request on; nothing happens if there is no
   * such token.
   */
  public void revoke(ClientToken token) {
    session
        .request(Request.write(PATH + "revoke", Map.of("token", token.exposeText())))
        .orThrow();
  }

  /** As {@link #revoke}. */
  public void revokeAccessor(String accessor) {
    session
        .request(Request.write(PATH + "revoke-accessor", Map.of("accessor", accessor)))
        .orThrow();
  }

  /** Ends a token; its children live on as orphans. Needs sudo. */
  public void revokeOrphan(ClientToken token) {
    session
        .request(Request.write(PATH + "revoke-orphan", Map.of("token", token.exposeText())))
        .orThrow();
  }

  /** Returns the accessors of all valid service tokens, sorted. Needs sudo. */
  public List<String> accessors() {
    return session.request(Request.list(PATH + "accessors")).names();
  }

  /**
   * Returns what the session's token may do on paths, by path: names of capabilities, sorted, or
   * {@code root} or {@code deny} alone. Says nothing about what exists there.
   *
   * @param paths 1 to 1,000
   */
  public Map<String, List<String>> capabilities(String... paths) {
    return capabilities("sys/capabilities-self", Map.of(), paths);
  }

  /** As {@link #capabilities}, of another token. */
  public Map<String, List<String>> capabilitiesOf(ClientToken token, String... paths) {
    return capabilities("sys/capabilities", Map.of("token", token.exposeText()), paths);
  }

  /** As {@link #capabilities}, of the token that an accessor names. */
  public Map<String, List<String>> capabilitiesOfAccessor(String accessor, String... paths) {
    return capabilities("sys/capabilities-accessor", Map.of("accessor", accessor), paths);
  }

  private Map<String, List<String>> capabilities(
      String path, Map<String, ?> whose, String... paths) {
    Payload data = session
        .request(Request.write(path, whose).with("paths", List.of(paths)))
        .orThrow()
        .dataOrEmpty();
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String asked : paths) {
      found.put(asked, data.texts(asked));
    }
    return found;
  }

  /**
   * Stores a role in the place of one of that name. Tokens made with it follow it at their next
   * renewal.
   *
   * @param name letters, digits, {@code _}, and inside also {@code -} and {@code .}
   */
  public void putRole(String name, TokenRole role) {
    session.request(Request.write(PATH + "roles/" + name, role.members())).orThrow();
  }

  /** Returns a role; empty if there is none of that name. */
  public Optional<TokenRole> role(String name) {
    Response response = session.request(Request.read(PATH + "roles/" + name));
    return response.isMissing()
        ? Optional.empty()
        : Optional.of(TokenRole.from(response.orThrow().dataOrEmpty()));
  }

  /** Returns the names of all roles, sorted. */
  public List<String> roles() {
    return session.request(Request.list(PATH + "roles")).names();
  }

  /** Removes a role. Its tokens live on, but cannot be renewed any more. */
  public void deleteRole(String name) {
    session.request(Request.delete(PATH + "roles/" + name)).orThrow();
  }

  private static long seconds(Duration increment) {
    return DurationText.requireWholeSeconds(increment).toSeconds();
  }

  private static Auth auth(Response response) {
    return response.orThrow().auth().orElseThrow();
  }

  private static TokenInfo info(Response response) {
    Payload data = response.orThrow().data().orElseThrow();
    return new TokenInfo(
        data.text("type").filter("batch"::equals).isPresent() ? TokenType.BATCH : TokenType.SERVICE,
        data.text("accessor").orElse(""),
        data.texts("policies"),
        data.text("path").orElse(""),
        data.text("role"),
        data.text("entity_id").filter(id -> !id.isEmpty()),
        data.pairs("meta"),
        data.text("display_name").orElse(""),
        data.number("num_uses").orElse(0).intValue(),
        data.flag("orphan").orElse(false),
        data.flag("renewable").orElse(false),
        Cidr.parseAll(data.texts("bound_cidrs")),
        Instant.ofEpochSecond(data.number("creation_time").orElse(0).longValue()),
        data.text("expire_time").map(InstantText::parse),
        seconds(data, "explicit_max_ttl"),
        seconds(data, "period"));
  }

  private static Duration seconds(Payload data, String name) {
    return Duration.ofSeconds(data.number(name).orElse(0).longValue());
  }
}
