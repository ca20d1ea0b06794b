package dev.strongroom.testkit.kubernetes;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** How the stand-in fails, see {@link KubernetesApi#fail}. Immutable. */
public final class ApiFault {
  private static final byte[] PIECE = new byte[8 * 1024];

  static {
    Arrays.fill(PIECE, (byte) ' ');
  }

  private final String name;
  private final Conduct conduct;

  /** What is done with a request. */
  @FunctionalInterface
  interface Conduct {
    void answer(Exchange exchange) throws IOException, InterruptedException;
  }

  private ApiFault(String name, Conduct conduct) {
    this.name = name;
    this.conduct = conduct;
  }

  void answer(Exchange exchange) throws IOException, InterruptedException {
    conduct.answer(exchange);
  }

  /**
   * Answers with a {@code Status} object, as a server does that refuses (401, 403), is overrun
   * (429) or broken (500).
   */
  public static ApiFault status(int code) {
    Answer answer = ApiAnswers.status(code, "failed on purpose");
    return sending("status " + code, code == 429 ? answer.withHeader("Retry-After", "1") : answer);
  }

  /** Answers with whatever a test likes. */
  public static ApiFault answer(int code, String contentType, String body) {
    return sending("answer " + code, Answer.text(code, contentType, body));
  }

  /** Answers every review with a status object of the test's choice: 201, a {@code TokenReview}. */
  public static ApiFault reviewStatus(Map<String, ?> status) {
    Payload copy = Payload.of(status);
    return new ApiFault(
        "review status",
        exchange -> exchange.send(Answer.json(
            201,
            Map.of(
                "kind",
                "TokenReview",
                "apiVersion",
                "authentication.k8s.io/v1",
                "spec",
                exchange.request().body().object("spec").orElse(Payload.empty()),
                "status",
                copy))));
  }

  /** Answers with a page of a proxy in between. */
  public static ApiFault notJson() {
    return answer(200, "text/html", "<html><body>Welcome</body></html>");
  }

  /** Sends the caller somewhere else. */
  public static ApiFault redirect(String location) {
    return sending("redirect", Answer.text(307, "text/plain", "").withHeader("Location", location));
  }

  /** Says nothing until it is healed or closed; then it answers rightly. */
  public static ApiFault hang() {
    return new ApiFault("hang", exchange -> {
      exchange.hold();
      exchange.send(exchange.honest());
    });
  }

  /** Sends the half of the right answer, and the rest when it is healed or closed. */
  public static ApiFault stall() {
    return new ApiFault("stall", exchange -> {
      Answer answer = exchange.honest();
      int half = answer.body().length / 2;
      exchange.write(answer.head(answer.body().length));
      exchange.write(Arrays.copyOf(answer.body(), half));
      exchange.hold();
      exchange.write(Arrays.copyOfRange(answer.body(), half, answer.body().length));
    });
  }

  /** Ends the connection without an answer. */
  public static ApiFault drop() {
    return new ApiFault("drop", Exchange::drop);
  }

  /** Ends the connection in the middle of the right answer. */
  public static ApiFault cut() {
    return new ApiFault("cut", exchange -> {
      Answer answer = exchange.honest();
      exchange.write(answer.head(answer.body().length));
      exchange.write(Arrays.copyOf(answer.body(), answer.body().length / 2));
      exchange.drop();
    });
  }

  /** Sends the right answer after so many blanks that nobody should read them all. */
  public static ApiFault hugeBody(long bytes) {
    return new ApiFault("huge body", exchange -> {
      Answer answer = exchange.honest();
      exchange.write(answer.head(bytes + answer.body().length));
      for (long left = bytes; left > 0; left -= PIECE.length) {
        exchange.write(Arrays.copyOf(PIECE, (int) Math.min(left, PIECE.length)));
      }
      exchange.write(answer.body());
    });
  }

  /** Sends the right answer, in an object that holds others so many levels deep. */
  public static ApiFault deepBody(int levels) {
    String text = "{\"a\":".repeat(levels) + "{}" + "}".repeat(levels);
    return new ApiFault("deep body", exchange -> {
      String honest = new String(exchange.honest().body(), StandardCharsets.UTF_8);
      exchange.send(Answer.text(
          201,
          "application/json",
          honest.substring(0, honest.length() - 1) + ",\"deep\":" + text + "}"));
    });
  }

  /** Lies: says of every good token that it is somebody else's. */
  public static ApiFault otherUser(String userName, String uid) {
    return lying("other user", verdict -> verdict.about(userName, uid));
  }

  /** Lies: says for which audiences a good token is; none leaves the member out. */
  public static ApiFault otherAudiences(String... audiences) {
    List<String> copy = List.of(audiences);
    return lying("other audiences", verdict -> verdict.withAudiences(copy));
  }

  private static ApiFault sending(String name, Answer answer) {
    return new ApiFault(name, exchange -> exchange.send(answer));
  }

  private static ApiFault lying(String name, UnaryOperator<Verdict> lie) {
    return new ApiFault(name, exchange -> exchange.send(exchange.lie(lie)));
  }

  @Override
  public String toString() {
    return name;
  }
}
