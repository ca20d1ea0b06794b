package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.internal.token.TokenStore.Found;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/capabilities…}: what a token may do on paths, by the same rules that decide requests.
 */
final class CapabilitiesPath {
  private final TokenStore tokens;

  CapabilitiesPath(TokenStore tokens) {
    this.tokens = tokens;
  }

  List<Route> routes() {
    return List.of(
        query("capabilities-self", "What the caller may do.")
            .on(
                Operation.UPDATE,
                call -> answer(call, SystemCall.of(call).caller().acl())),
        query("capabilities", "What a token may do.")
            .field("token", FieldType.TEXT, "The token.")
            .on(Operation.UPDATE, call -> answer(call, aclOf(call, byToken(SystemCall.of(call))))),
        query("capabilities-accessor", "What the token of an accessor may do.")
            .field("accessor", FieldType.TEXT, "The accessor.")
            .on(
                Operation.UPDATE,
                call -> answer(
                    call, aclOf(call, TokenLookupPath.byAccessor(tokens, SystemCall.of(call))))));
  }

  private static Route query(String pattern, String help) {
    return Route.at(pattern, help)
        .field("paths", FieldType.COMMA_TEXTS, "Paths to ask about.")
        .field("path", FieldType.COMMA_TEXTS, "Old name of paths.");
  }

  private Found byToken(SystemCall call) {
    return tokens
        .find(call.transaction(), call.required("token", "no token found"))
        .orElseThrow(CapabilitiesPath::invalidToken);
  }

  private Acl aclOf(Call call, Found found) {
    return tokens
        .aclOf(SystemCall.of(call).transaction(), found.record())
        .orElseThrow(CapabilitiesPath::invalidToken);
  }

  private static VaultException invalidToken() {
    return new VaultException(INVALID_REQUEST, "invalid token");
  }

  private static Response answer(Call call, Acl acl) {
    List<String> paths = call.texts("paths").isEmpty() ? call.texts("path") : call.texts("paths");
    if (paths.isEmpty()) {
      return Response.failure(INVALID_REQUEST, "paths must be supplied");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    paths.forEach(path -> members.put(path, acl.capabilities(path)));
    if (paths.size() == 1) {
      members.put("capabilities", acl.capabilities(paths.get(0)));
    }
    return Response.of(Payload.of(members));
  }
}
