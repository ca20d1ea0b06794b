package dev.strongroom.testkit.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a projected token says.
 *
 * @param audiences empty means the API server's own one, which is its issuer
 * @param notBefore empty means now; it is the token's moment of issue, too
 * @param lifetime from {@code notBefore} to the expiry
 * @param pod the token dies with it
 */
public record TokenOptions(
    List<String> audiences, Optional<Instant> notBefore, Duration lifetime, Optional<Pod> pod) {
  /** The API server's own audience, for an hour from now, bound to no pod. */
  public static final TokenOptions DEFAULT =
      new TokenOptions(List.of(), Optional.empty(), Duration.ofHours(1), Optional.empty());

  /** Copies the list. */
  public TokenOptions {
    audiences = List.copyOf(audiences);
  }

  public TokenOptions withAudiences(String... wanted) {
    return new TokenOptions(List.of(wanted), notBefore, lifetime, pod);
  }

  public TokenOptions withNotBefore(Instant moment) {
    return new TokenOptions(audiences, Optional.of(moment), lifetime, pod);
  }

  public TokenOptions withLifetime(Duration wanted) {
    return new TokenOptions(audiences, notBefore, wanted, pod);
  }

  /** A pod that runs as the account that the token is for. */
  public TokenOptions withPod(Pod bound) {
    return new TokenOptions(audiences, notBefore, lifetime, Optional.of(bound));
  }
}
