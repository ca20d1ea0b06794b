package dev.strongroom;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes, looks up, renews and ends tokens, with the rights of a session. All methods block and
 * throw {@link VaultException}: {@code PERMISSION_DENIED} where the session may not,
 * {@code INVALID_REQUEST} where the request is wrong, {@code SEALED}. Thread-safe.
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
   * @param policies names, sorted
   * @param path the request that made it
   * @param numUses requests left; 0: any number; -1: this was the last
   * @param explicitMaxTtl zero: none
   * @param period zero: not periodic
   */
  public record TokenInfo(
      String accessor,
      List<String> policies,
      String path,
      Map<String, String> metadata,
      String displayName,
      int numUses,
      boolean orphan,
      boolean renewable,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Duration explicitMaxTtl,
      Duration period) {
    public TokenInfo {
      policies = List.copyOf(policies);
      metadata = Map.copyOf(metadata);
    }
  }

  /** Makes a token as {@code wanted}; it is in the answer, once. */
  public Auth create(TokenRequest wanted) {
    String path = PATH + (wanted.isOrphan() ? "create-orphan" : "create");
    return auth(session.request(Request.write(path, wanted.members())));
  }

  public TokenInfo lookupSelf() {
    return info(session.request(Request.read(PATH + "lookup-self")));
  }

  public TokenInfo lookup(ClientToken token) {
    return info(
        session.request(Request.write(PATH + "lookup", Map.of("token", token.exposeText()))));
  }

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

  private static long seconds(Duration increment) {
    return DurationText.requireWholeSeconds(increment).toSeconds();
  }

  private static Auth auth(Response response) {
    return response.orThrow().auth().orElseThrow();
  }

  private static TokenInfo info(Response response) {
    Payload data = response.orThrow().data().orElseThrow();
    return new TokenInfo(
        data.text("accessor").orElse(""),
        data.texts("policies"),
        data.text("path").orElse(""),
        data.pairs("meta"),
        data.text("display_name").orElse(""),
        data.number("num_uses").orElse(0).intValue(),
        data.flag("orphan").orElse(false),
        data.flag("renewable").orElse(false),
        Instant.ofEpochSecond(data.number("creation_time").orElse(0).longValue()),
        data.text("expire_time").map(InstantText::parse),
        seconds(data, "explicit_max_ttl"),
        seconds(data, "period"));
  }

  private static Duration seconds(Payload data, String name) {
    return Duration.ofSeconds(data.number(name).orElse(0).longValue());
  }
}
