package dev.strongroom.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Between Jetty and {@link VaultHttpHandler}. A body is collected before the handler runs, so that
 * slow senders keep no thread, and no further than the handler wants it.
 */
final class JettyBinding extends Handler.Abstract {
  /** Each costs more than its bytes; clients send about ten. */
  private static final int MAX_HEADERS = 200;

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final VaultHttpHandler handler;
  private final JettyWatch watch;

  JettyBinding(VaultHttpHandler handler, JettyWatch watch) {
    this.handler = handler;
    this.watch = watch;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    JettyExchange exchange = new JettyExchange(request, response, callback, watch);
    if (request.getHeaders().size() > MAX_HEADERS) {
      exchange.sendAndClose(
          handler.counted(Replies.error(431, "a request has at most " + MAX_HEADERS + " headers")));
      return true;
    }
    JettyCall call = JettyCall.of(request);
    Optional<HttpReply> refusal = handler.refusal(call);
    if (refusal.isPresent()) {
      exchange.sendAndClose(refusal.get());
      return true;
    }
    if (!WITH_BODY.contains(request.getMethod())) {
      answer(call, exchange);
      return true;
    }
    int limit = handler.bodyBytesFor(call, request.getLength());
    if (request.getLength() > limit) {
      exchange.sendAndClose(handler.tooLong(call));
      return true;
    }
    JettyBody.read(request, limit, new JettyBody.Receiver() {
      @Override
      public void received(byte[] body) {
        try {
          answer(call.withBody(body), exchange);
        } finally {
          Arrays.fill(body, (byte) 0);
        }
      }

      @Override
      public void tooLong() {
        exchange.sendAndClose(handler.tooLong(call));
      }

      @Override
      public void failed(Throwable failure) {
        exchange.fail(failure);
      }
    });
    return true;
  }

  private void answer(JettyCall call, JettyExchange exchange) {
    try {
      exchange.send(handler.handle(call));
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  static void send(HttpReply reply, Response response, Callback callback) {
    response.setStatus(reply.status());
    reply.headers().forEach(response.getHeaders()::put);
    response.write(
        /* last= */ true, ByteBuffer.wrap(reply.body()), Callback.from(callback, reply::wipe));
  }
}
