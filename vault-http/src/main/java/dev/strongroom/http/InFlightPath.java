package dev.strongroom.http;

/** {@code sys/in-flight-req}: the requests on their way, for callers who may read the path. */
final class InFlightPath implements HostPath {
  private final LogicalPath logical;
  private final InFlight inFlight;

  InFlightPath(LogicalPath logical, InFlight inFlight) {
    this.logical = logical;
    this.inFlight = inFlight;
  }

  @Override
  public HttpReply answer(ApiCall call) {
    HttpReply reply = logical.answer(call);
    return reply.status() == 200 && logical.isPlainRead(call)
        ? Replies.bare(200, inFlight.read())
        : reply;
  }
}
