package dev.strongroom.testkit.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One request, and the ways to answer it. */
final class Exchange {
  private final ApiRequest request;
  private final OutputStream out;
  private final Gate gate;
  private final long openings;
  private final Function<UnaryOperator<Verdict>, Answer> cluster;
  private boolean dropped;

  /** {@code cluster} answers the request, telling a verdict as it is changed. */
  Exchange(
      ApiRequest request,
      OutputStream out,
      Gate gate,
      Function<UnaryOperator<Verdict>, Answer> cluster) {
    this.request = request;
    this.out = out;
    this.gate = gate;
    this.openings = gate.openings();
    this.cluster = cluster;
  }

  ApiRequest request() {
    return request;
  }

  /** Returns the right answer. */
  Answer honest() {
    return cluster.apply(UnaryOperator.identity());
  }

  /** Returns the right answer with another verdict about a good token. */
  Answer lie(UnaryOperator<Verdict> lie) {
    return cluster.apply(verdict -> verdict.isAccepted() ? lie.apply(verdict) : verdict);
  }

  void send(Answer answer) throws IOException {
    byte[] head = answer.head(answer.body().length);
    byte[] all = new byte[head.length + answer.body().length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(answer.body(), 0, all, head.length, answer.body().length);
    write(all);
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void hold() throws InterruptedException {
    gate.pass(openings);
  }

  void drop() {
    dropped = true;
  }

  boolean isDropped() {
    return dropped;
  }
}
