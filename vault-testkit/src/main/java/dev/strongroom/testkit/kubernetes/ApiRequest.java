package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request as the stand-in has received it.
 *
 * @param path with the query, as it was sent
 * @param headers by name in lower case
 * @param body empty if there was none, or if it was no JSON object
 */
public record ApiRequest(String method, String path, Map<String, String> headers, Payload body) {

  /** Copies the headers. */
  public ApiRequest {
    headers = Map.copyOf(headers);
  }

  /** Returns the token of the one who asks. */
  public Optional<String> bearer() {
    return Optional.ofNullable(headers.get("authorization"))
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring("Bearer ".length()));
  }

  /** Returns whether a token is to be reviewed. */
  public boolean isReview() {
    return method.equals("POST") && path.equals(ApiAnswers.REVIEWS);
  }

  /** Returns the token to review; empty if this is no review, or it names none. */
  public Optional<String> reviewedToken() {
    return spec().flatMap(spec -> spec.text("token")).filter(token -> !token.isEmpty());
  }

  /** Returns the audiences that a review asks for. */
  public List<String> audiences() {
    return spec().map(spec -> spec.texts("audiences")).orElse(List.of());
  }

  private Optional<Payload> spec() {
    return isReview() ? body.object("spec") : Optional.empty();
  }

  /** Shows no token. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
