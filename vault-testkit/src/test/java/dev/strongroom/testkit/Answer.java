package dev.strongroom.testkit;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.spi.InstantText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response as a server would send it.
 *
 * @param body the envelope, or {@code errors} alone; without a member where nothing is sent
 */
record Answer(int status, Map<String, ?> body) {
  private static final Object MISSING = new Object();

  static Answer of(Request request, Response response) {
    if (response.isEmpty()) {
      return new Answer(204, Map.of());
    }
    if (response.isAccepted() && response.warnings().isEmpty()) {
      return new Answer(202, Map.of());
    }
    int status = response.failure().map(Answer::status).orElse(response.isAccepted() ? 202 : 200);
    if (response.isFailure() && response.data().isEmpty() && response.warnings().isEmpty()) {
      return new Answer(status, Map.of("errors", errors(response)));
    }
    Map<String, @Nullable Object> data =
        response.data().map(payload -> Payload.parse(payload.toJson()).toMap()).orElse(null);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("request_id", response.wrapInfo().isPresent() ? "" : "request");
    body.put("lease_id", response.lease().map(Lease::id).orElse(""));
    body.put("renewable", response.lease().map(Lease::renewable).orElse(false));
    body.put("lease_duration", response.leaseDuration().toSeconds());
    body.put("data", data);
    body.put("wrap_info", response.wrapInfo().map(Answer::wrapInfo).orElse(null));
    body.put("warnings", response.warnings().isEmpty() ? null : response.warnings());
    body.put("auth", response.auth().map(Answer::auth).orElse(null));
    String path = request.path().text();
    if (data != null && path.startsWith("sys/") && !path.startsWith("sys/policies/")) {
      data.forEach(body::putIfAbsent); // old clients look for them at the top
    }
    return new Answer(status, body);
  }

  private static Map<String, Object> wrapInfo(WrapInfo info) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("token", info.token().exposeText());
    members.put("accessor", info.accessor());
    members.put("ttl", info.ttl().toSeconds());
    members.put("creation_time", InstantText.format(info.createdAt()));
    members.put("creation_path", info.creationPath());
    info.wrappedAccessor().ifPresent(accessor -> members.put("wrapped_accessor", accessor));
    return members;
  }

  private static Map<String, @Nullable Object> auth(Auth auth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("client_token", auth.token().map(ClientToken::exposeText).orElse(""));
    members.put("accessor", auth.accessor());
    members.put("policies", auth.policies());
    if (!auth.tokenPolicies().isEmpty()) {
      members.put("token_policies", auth.tokenPolicies());
    }
    if (!auth.identityPolicies().isEmpty()) {
      members.put("identity_policies", auth.identityPolicies());
    }
    members.put("metadata", auth.metadata().isEmpty() ? null : auth.metadata());
    members.put("lease_duration", auth.ttl().toSeconds());
    members.put("renewable", auth.renewable());
    members.put("entity_id", auth.entityId().orElse(""));
    members.put("token_type", auth.type().text());
    members.put("orphan", auth.orphan());
    members.put("mfa_requirement", null);
    members.put("num_uses", auth.numUses());
    return members;
  }

  private static int status(ErrorCode code) {
    return switch (code) {
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case UNSUPPORTED -> 405;
      case SEALED, NOT_INITIALIZED -> 503;
      case INVALID_REQUEST, CONFLICT, LIMIT_EXCEEDED -> 400;
      default -> 500;
    };
  }

  /** A vault without keys is a sealed one over HTTP, too. */
  private static List<String> errors(Response response) {
    return response.failure().filter(code -> code == ErrorCode.NOT_INITIALIZED).isPresent()
        ? List.of("Vault is sealed")
        : response.errors();
  }

  /** Returns the texts of a failure. */
  List<String> errors() {
    return body.get("errors") instanceof List<?> errors
        ? errors.stream().map(String.class::cast).toList()
        : List.of();
  }

  /** Returns whether there is something at a dotted path, null included. */
  boolean has(String path) {
    return find(path) != MISSING;
  }

  /** Returns what lies at a dotted path; null for null, and where nothing is. */
  @Nullable
  Object at(String path) {
    Object found = find(path);
    return found == MISSING ? null : found;
  }

  /**
   * A number is an index, from the end if it is negative; a backslash makes a dot part of a name.
   */
  private @Nullable Object find(String path) {
    Object current = body;
    for (String part : path.split("(?<!\\\\)\\.")) {
      String name = part.replace("\\.", ".");
      if (current instanceof Map<?, ?> map && map.containsKey(name)) {
        current = map.get(name);
      } else if (current instanceof List<?> list && name.matches("-?\\d+")) {
        int index = Integer.parseInt(name);
        int position = index < 0 ? list.size() + index : index;
        if (position < 0 || position >= list.size()) {
          return MISSING;
        }
        current = list.get(position);
      } else {
        return MISSING;
      }
    }
    return current;
  }
}
