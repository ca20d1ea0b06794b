package dev.strongroom.http;

import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The shapes of bodies that are no envelope, and the headers of every answer. */
final class Replies {
  /**
   * Exactly these texts: hvac and vault-java-driver compare the type, on errors and 204 too.
   * Strict-Transport-Security as in OpenBao v2.6.2, which sends it over plain HTTP as well.
   */
  private static final Map<String, String> HEADERS = Map.of(
      "Content-Type", "application/json",
      "Cache-Control", "no-store",
      "X-Content-Type-Options", "nosniff",
      "Strict-Transport-Security", "max-age=31536000; includeSubDomains");

  private static final byte[] NOTHING = {};

  private Replies() {}

  static HttpReply empty(int status) {
    return new HttpReply(status, HEADERS, NOTHING);
  }

  /** A JSON object as it is. */
  static HttpReply json(int status, byte[] object) {
    return new HttpReply(status, HEADERS, InertJson.escape(object));
  }

  /** What is no JSON. */
  static HttpReply text(int status, String type, String text) {
    return new HttpReply(status, HEADERS, text.getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", type);
  }

  static HttpReply bare(int status, Map<String, ?> members) {
    return json(status, Payload.of(members).toJson());
  }

  static HttpReply errors(int status, List<String> errors) {
    return bare(status, Map.of("errors", errors));
  }

  static HttpReply error(int status, String error) {
    return errors(status, List.of(error));
  }
}
