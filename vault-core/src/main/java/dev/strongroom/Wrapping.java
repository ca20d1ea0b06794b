package dev.strongroom;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Hands secrets over behind tokens that give them once, with the rights of a session. Whoever is
 * the second to unwrap is refused, and so knows that somebody else was there. All methods block and
 * throw {@link VaultException}: {@code PERMISSION_DENIED} where the session may not,
 * {@code INVALID_REQUEST} for a wrapping token that is spent, expired, or none, {@code SEALED}.
 * Thread-safe.
 */
public final class Wrapping {
  private static final String PATH = "sys/wrapping/";

  private final Session session;

  private Wrapping(Session session) {
    this.session = session;
  }

  /**
   * Returns the wrapping of a session. The receiver of a wrapping token needs nothing else:
   * {@code Wrapping.of(vault.session(token)).unwrap()}.
   */
  public static Wrapping of(Session session) {
    return new Wrapping(session);
  }

  /**
   * What is known of a wrapping token.
   *
   * @param ttl how long the content waits, from its creation
   * @param creationPath the request whose answer was wrapped
   */
  public record Info(Duration ttl, Instant createdAt, String creationPath) {}

  /**
   * Wraps data of the caller's own.
   *
   * @param ttl as for {@link Request#wrapped}
   */
  public WrapInfo wrap(Map<String, ?> data, Duration ttl) {
    return wrap(Request.write(PATH + "wrap", data), ttl);
  }

  /**
   * Makes a request, and wraps what it is answered with.
   *
   * @param ttl as for {@link Request#wrapped}
   * @throws VaultException with the code of the failure, which is not wrapped; with code
   *     {@code UNSUPPORTED} if it was answered without content: it was carried out then
   */
  public WrapInfo wrap(Request request, Duration ttl) {
    return session
        .request(request.wrapped(ttl))
        .orThrow()
        .wrapInfo()
        .orElseThrow(() -> new VaultException(
            ErrorCode.UNSUPPORTED, "the request was answered without content to wrap"));
  }

  /**
   * Gives what waits behind the session's own token, and ends it. As {@link #unwrap(ClientToken)},
   * but needs nothing else.
   */
  public Response unwrap() {
    return content(session.request(Request.write(PATH + "unwrap", Map.of())));
  }

  /**
   * Gives what waits behind a token, and ends the token. The session needs a token of its own that
   * may {@code update} at {@code sys/wrapping/unwrap}, as the policy {@code default} allows; who
   * has none uses {@link #unwrap()}. It comes as it would have been answered: it may be the data of
   * a failure, such as those of a deleted version.
   */
  public Response unwrap(ClientToken token) {
    return content(session.request(about(token, "unwrap")));
  }

  /** A failure with data was wrapped; one without them is that of the unwrapping. */
  private static Response content(Response response) {
    return response.data().isPresent() ? response : response.orThrow();
  }

  /** Says where and when a token was made, without spending it. Every session may. */
  public Info lookup(ClientToken token) {
    Payload data = session.request(about(token, "lookup")).orThrow().dataOrEmpty();
    return new Info(
        Duration.ofSeconds(data.number("creation_ttl").orElse(0).longValue()),
        InstantText.parse(data.text("creation_time").orElse("")),
        data.text("creation_path").orElse(""));
  }

  /** Puts what waits behind a token behind a new one for as long again, and ends the token. */
  public WrapInfo rewrap(ClientToken token) {
    return session.request(about(token, "rewrap")).orThrow().wrapInfo().orElseThrow();
  }

  private static Request about(ClientToken token, String verb) {
    return Request.write(PATH + verb, Map.of("token", token.exposeText()));
  }
}
