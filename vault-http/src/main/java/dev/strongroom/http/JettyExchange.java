package dev.strongroom.http;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A request under way in Jetty, which is answered once, by whoever is first. Thread-safe. */
final class JettyExchange implements JettyWatch.TooLong {
  private final Connection connection;
  private final Response response;
  private final Callback callback;
  private final JettyWatch watch;
  private final AtomicBoolean answered = new AtomicBoolean();

  JettyExchange(Request request, Response response, Callback callback, JettyWatch watch) {
    this.connection = request.getConnectionMetaData().getConnection();
    this.response = response;
    this.callback = callback;
    this.watch = watch;
    watch.begun(connection, this);
  }

  void send(HttpReply reply) {
    send(reply, () -> {});
  }

  /** What follows in the connection is not read, so it cannot be used again. */
  void sendAndClose(HttpReply reply) {
    send(reply, () -> response.getHeaders().put(HttpHeader.CONNECTION, "close"));
  }

  private void send(HttpReply reply, Runnable before) {
    if (answered.compareAndSet(false, true)) {
      before.run();
      JettyBinding.send(reply, response, Callback.from(() -> watch.ended(connection), callback));
    } else {
      reply.wipe();
    }
  }

  void fail(Throwable failure) {
    if (answered.compareAndSet(false, true)) {
      watch.ended(connection);
      callback.failed(failure);
    }
  }

  /** What works on it goes on, and nobody hears of what comes of it. */
  @Override
  public void stop() {
    if (answered.get()) { // and the answer is not taken
      connection.close();
    } else {
      sendAndClose(Replies.error(500, "context deadline exceeded"));
    }
  }
}
