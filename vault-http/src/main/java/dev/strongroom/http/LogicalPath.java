package dev.strongroom.http;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that goes through the vault as a request. Methods and where parameters come from:
 * OpenBao v2.6.2 {@code http/logical.go}.
 */
final class LogicalPath {
  private static final Set<String> OLDER_CEREMONIES = Set.of(
      "sys/rekey/init",
      "sys/rekey/update",
      "sys/rekey/verify",
      "sys/rekey-recovery-key/init",
      "sys/rekey-recovery-key/update",
      "sys/rekey-recovery-key/verify",
      "sys/generate-root/attempt",
      "sys/generate-root/update");

  private static final int TOO_LONG = 413;

  private final Vault vault;
  private final RequestIds ids = new RequestIds(new SecureRandom());

  LogicalPath(Vault vault) {
    this.vault = vault;
  }

  HttpReply answer(ApiCall call) {
    if (call.method().equals("HEAD")) {
      return head(call);
    }
    Operation operation = operation(call);
    Request request;
    try {
      request = request(call, operation);
    } catch (Refusal e) {
      return answerUnreadable(call, operation, e.reply());
    }
    Response response = session(call).request(request);
    return reply(request, response);
  }

  /** Answers a call that is refused as it is, without a look at its body. */
  HttpReply answerUnreadable(ApiCall call, HttpReply refusal) {
    return answerUnreadable(call, operation(call), refusal);
  }

  /**
   * Says what is wrong, once that has been recorded: to everybody, as the reference does, but that
   * a body is too long only to callers who may do this. Others may send less, and that must not
   * tell whether their token is valid.
   */
  private HttpReply answerUnreadable(ApiCall call, Operation operation, HttpReply refusal) {
    Request request;
    try {
      request = unreadable(call, operation, refusal.status());
    } catch (IllegalArgumentException e) { // it is no request, whatever its body
      return refusal;
    }
    Response response = session(call).request(request);
    boolean hidden = response
        .failure()
        .filter(code -> code == ErrorCode.AUDIT_FAILED
            || (refusal.status() == TOO_LONG && code != ErrorCode.INVALID_REQUEST))
        .isPresent();
    return hidden ? reply(request, response) : refusal;
  }

  private static Request unreadable(ApiCall call, Operation operation, int status) {
    return Request.of(operation, call.path(), Payload.empty())
        .from(call.origin())
        .unreadable("refused with status " + status + ", before its parameters were read");
  }

  /** Returns whether a call asks for nothing but an answer to a read. */
  boolean isPlainRead(ApiCall call) {
    return call.method().equals("GET")
        && operation(call) == Operation.READ
        && WrapHeader.of(call.http()).isEmpty();
  }

  /** No path knows this operation, and no capability grants it: only root learns the former. */
  private HttpReply head(ApiCall call) {
    Response capabilities = session(call)
        .request(Request.write(
                "sys/capabilities-self", Map.of("paths", List.of(call.path().text())))
            .from(call.origin()));
    return Replies.empty(
        capabilities.dataOrEmpty().texts("capabilities").contains("root")
            ? 405
            : StatusMapping.status(capabilities) == 503 ? 503 : 403);
  }

  private Session session(ApiCall call) {
    return call.token().map(vault::session).orElseGet(vault::sessionWithoutToken);
  }

  private static Request request(ApiCall call, Operation operation) {
    if (operation == Operation.PATCH) {
      RequestBody.requireMergePatch(call.http());
    }
    try {
      Payload parameters = operation == Operation.UPDATE || operation == Operation.PATCH
          ? call.body()
          : parameters(call, operation);
      Request request = Request.of(operation, call.path(), parameters).from(call.origin());
      return WrapHeader.of(call.http()).map(request::wrapped).orElse(request);
    } catch (IllegalArgumentException e) {
      throw Refusal.of(400, String.valueOf(e.getMessage()));
    }
  }

  private static Operation operation(ApiCall call) {
    if (call.asksForHelp()) {
      return Operation.HELP;
    }
    return switch (call.method()) {
      case "GET" -> reading(call.target());
      case "LIST" -> Operation.LIST;
      case "SCAN" -> Operation.SCAN;
      case "POST", "PUT" -> Operation.UPDATE;
      case "DELETE" -> Operation.DELETE;
      case "PATCH" -> Operation.PATCH;
      case "OPTIONS" -> throw Refusal.of(400, "cannot handle internal-only request operation");
      default -> throw Refusal.silent(405);
    };
  }

  private static Operation reading(RequestTarget target) {
    boolean list = QueryFlag.isSet(target, "list");
    boolean scan = QueryFlag.isSet(target, "scan");
    if (list && scan) {
      throw Refusal.silent(400);
    }
    return list ? Operation.LIST : scan ? Operation.SCAN : Operation.READ;
  }

  private static Payload parameters(ApiCall call, Operation operation) {
    Map<String, List<String>> query = call.target().query();
    if (query.isEmpty() || operation == Operation.HELP) {
      return Payload.empty();
    }
    Map<String, Object> members = new LinkedHashMap<>();
    query.forEach((name, values) -> {
      boolean chosen = call.method().equals("GET")
          && (name.equals("list") || name.equals("scan"))
          && QueryFlag.isSet(call.target(), name);
      if (!chosen && !name.equals("help")) {
        members.put(name, values.size() == 1 ? values.get(0) : values);
      }
    });
    return Payload.of(members);
  }

  private HttpReply reply(Request request, Response response) {
    int status = StatusMapping.status(response);
    if (response.isEmpty()
        || (response.isAccepted()
            && response.warnings().isEmpty()
            && response.data().isEmpty())
        || StatusMapping.isWithoutBody(request.operation(), response)) {
      return Replies.empty(status);
    }
    if (response.isFailure()) {
      return failure(status, request, response);
    }
    return isBare(request)
        ? Replies.json(status, response.dataOrEmpty().toJson())
        : Replies.json(status, Envelope.of(request, response, ids));
  }

  /**
   * Whose answers have no envelope: help, the description of the API, and key ceremonies for
   * callers without a token.
   */
  private static boolean isBare(Request request) {
    return request.operation() == Operation.HELP
        || request.path().text().equals("sys/internal/specs/openapi")
        || OLDER_CEREMONIES.contains(request.path().text());
  }

  private HttpReply failure(int status, Request request, Response response) {
    if (response.errors().isEmpty()
        && (response.data().isPresent() || !response.warnings().isEmpty())) {
      return Replies.json(status, Envelope.of(request, response, ids));
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("errors", StatusMapping.errors(response));
    response.data().ifPresent(data -> members.put("data", data));
    return Replies.bare(status, members);
  }
}
