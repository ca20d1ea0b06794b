package dev.strongroom.http;

import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses by itself, in the form of every other error, and without its words. */
final class JettyErrors extends ErrorHandler {
  private final VaultHttpHandler handler;

  JettyErrors(VaultHttpHandler handler) {
    this.handler = handler;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    JettyBinding.send(handler.counted(reply(status)), response, callback);
    return true;
  }

  private static HttpReply reply(int status) {
    return switch (status) {
      case 400 -> Replies.error(status, "malformed HTTP request");
      case 408 -> Replies.error(status, "the request came too slowly");
      case 413 -> Replies.error(status, "http: request body too large");
      case 414, 431 -> Replies.error(status, "the head of the request is too large");
      case 500 -> Replies.error(status, "internal error");
      default -> Replies.errors(status, List.of());
    };
  }
}
