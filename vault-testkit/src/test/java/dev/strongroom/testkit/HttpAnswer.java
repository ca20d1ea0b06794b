package dev.strongroom.testkit;

import dev.strongroom.http.HttpReply;
import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What HTTP has answered.
 *
 * @param answer status and members of the body; none if the body is no JSON object
 * @param body as it was sent
 */
record HttpAnswer(Answer answer, Map<String, String> headers, String body) {

  static HttpAnswer of(HttpReply reply) {
    String body = new String(reply.body(), StandardCharsets.UTF_8);
    Map<String, ?> members = body.isEmpty() ? Map.of() : Payload.parse(body).toMap();
    return new HttpAnswer(new Answer(reply.status(), members), reply.headers(), body);
  }

  @Override
  public String toString() {
    return answer.status() + " " + body;
  }
}
