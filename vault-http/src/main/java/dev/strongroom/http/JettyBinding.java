package dev.strongroom.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * Between Jetty and {@link VaultHttpHandler}. A body is collected before the handler runs, so that
 * slow senders keep no thread, and no further than the handler wants it.
 */
final class JettyBinding extends Handler.Abstract {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final byte[] NOTHING = {};

  private final VaultHttpHandler handler;
  private final JettyWatch watch;

  JettyBinding(VaultHttpHandler handler, JettyWatch watch) {
    this.handler = handler;
    this.watch = watch;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    JettyExchange exchange = new JettyExchange(request, response, callback, watch);
    Optional<HttpReply> refusal = handler.refusal(new Received(request, NOTHING));
    if (refusal.isPresent()) {
      exchange.send(refusal.get());
      return true;
    }
    if (!WITH_BODY.contains(request.getMethod())) {
      answer(request, exchange, NOTHING);
      return true;
    }
    int limit = handler.bodyBytesFor(new Received(request, NOTHING), request.getLength());
    if (request.getLength() > limit) {
      exchange.sendAndClose(tooLarge());
      return true;
    }
    Content.Source.asByteArrayAsync(request, limit, new Promise.Invocable<>() {
      @Override
      public InvocationType getInvocationType() {
        return InvocationType.BLOCKING;
      }

      @Override
      public void succeeded(byte[] body) {
        answer(request, exchange, body);
      }

      @Override
      public void failed(Throwable failure) {
        if (failure instanceof IllegalStateException) { // what it throws beyond the limit
          exchange.sendAndClose(tooLarge());
        } else {
          exchange.fail(failure);
        }
      }
    });
    return true;
  }

  private void answer(Request request, JettyExchange exchange, byte[] body) {
    try {
      exchange.send(handler.handle(new Received(request, body)));
    } catch (RuntimeException e) {
      exchange.fail(e);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private static HttpReply tooLarge() {
    return Replies.error(413, "http: request body too large");
  }

  static void send(HttpReply reply, Response response, Callback callback) {
    response.setStatus(reply.status());
    reply.headers().forEach(response.getHeaders()::put);
    response.write(
        /* last= */ true, ByteBuffer.wrap(reply.body()), Callback.from(callback, reply::wipe));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Received(Request request, byte[] bytes) implements HttpCall {
    @Override
    public String method() {
      return request.getMethod();
    }

    @Override
    public String target() {
      HttpURI uri = request.getHttpURI();
      String target = uri.getPathQuery() == null ? "" : uri.getPathQuery();
      return uri.getFragment() == null ? target : target + "#" + uri.getFragment();
    }

    @Override
    public List<String> header(String name) {
      return request.getHeaders().getValuesList(name);
    }

    @Override
    public Set<String> headerNames() {
      return request.getHeaders().getFieldNamesCollection();
    }

    @Override
    public InputStream body() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public InetSocketAddress remote() {
      return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    }
  }
}
