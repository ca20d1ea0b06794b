package dev.strongroom.http;

import dev.strongroom.ErrorCode;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import java.util.List;
import java.util.Set;

/**
 * From the outcome of a request to a status code, and from its error texts to the form in which
 * clients know them. The one place where a code of the vault becomes a number. Same statuses as
 * OpenBao v2.6.2 {@code sdk/logical/response_util.go}.
 */
final class StatusMapping {
  /**
   * Texts that the reference's core makes, and puts into a list of one, as it does with failures
   * outside; a handler's own texts are sent as they are.
   */
  private static final Set<String> OF_THE_CORE =
      Set.of("unsupported path", "unsupported operation", "internal error");

  private StatusMapping() {}

  static int status(Response response) {
    if (response.isAccepted()) {
      return 202;
    }
    return response.isEmpty()
        ? 204
        : response.failure().map(StatusMapping::status).orElse(200);
  }

  static int status(ErrorCode code) {
    return switch (code) {
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case UNSUPPORTED -> 405;
      case SEALED, NOT_INITIALIZED -> 503;
      case INVALID_REQUEST, CONFLICT, LIMIT_EXCEEDED -> 400;
      case AUDIT_FAILED, STORAGE_FAILED, OUTSIDE_FAILED, INTERNAL -> 500;
    };
  }

  /** Returns whether a failure is told by its status alone, without even a list of errors. */
  static boolean isWithoutBody(Operation operation, Response response) {
    return operation == Operation.PATCH
        && response.isMissing()
        && response.data().isEmpty();
  }

  /** A vault without keys is a sealed one to clients, as in the reference. */
  static List<String> errors(Response response) {
    if (response.failure().filter(code -> code == ErrorCode.NOT_INITIALIZED).isPresent()) {
      return List.of("Vault is sealed");
    }
    return response.errors().stream()
        .map(error -> isListed(response, error) ? wrapped(error) : error)
        .toList();
  }

  private static boolean isListed(Response response, String error) {
    return response.isDeniedByPolicy()
        || response.failure().filter(code -> code == ErrorCode.OUTSIDE_FAILED).isPresent()
        || isOfTheCore(error);
  }

  private static boolean isOfTheCore(String error) {
    return OF_THE_CORE.contains(error) || error.startsWith("custom_metadata validation failed: ");
  }

  private static String wrapped(String error) {
    return "1 error occurred:\n\t* " + error + "\n\n";
  }
}
