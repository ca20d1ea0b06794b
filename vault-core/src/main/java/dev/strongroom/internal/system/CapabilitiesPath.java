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
  private static final int MAX_PATHS = 1_000;
  private static final int MAX_PATH_LENGTH = 4_096;

  private final TokenStore tokens;

  CapabilitiesPath(TokenStore tokens) {
    this.tokens = tokens;
  }

  List<Route> routes() {
    return List.of(
        query("capabilities-self", "What the caller may do.")
            .on(
                Operation.UPDATE,
                call -> answer(paths(call), SystemCall.of(call).caller().acl())),
        query("capabilities", "What a token may do.")
            .field("token", FieldType.TEXT, "The token.")
            .on(Operation.UPDATE, this::ofToken),
        query("capabilities-accessor", "What the token of an accessor may do.")
            .field("accessor", FieldType.TEXT, "The accessor.")
            .on(Operation.UPDATE, this::ofAccessor));
  }

  private static Route query(String pattern, String help) {
    return Route.at(pattern, help)
        .field("paths", FieldType.COMMA_TEXTS, "Paths to ask about.")
        .field("path", FieldType.COMMA_TEXTS, "Old name of paths.");
  }

  private Response ofToken(Call call) {
    List<String> paths = paths(call);
    SystemCall asked = SystemCall.of(call);
    Found found = tokens
        .find(asked.transaction(), asked.required("token", "no token found"))
        .orElseThrow(CapabilitiesPath::invalidToken);
    return answer(paths, aclOf(call, found));
  }

  private Response ofAccessor(Call call) {
    Found found = TokenLookupPath.byAccessor(tokens, SystemCall.of(call));
    return answer(paths(call), aclOf(call, found));
  }

  private Acl aclOf(Call call, Found found) {
    return tokens
        .aclOf(SystemCall.of(call).transaction(), found.record())
        .orElseThrow(CapabilitiesPath::invalidToken);
  }

  private static VaultException invalidToken() {
    return refused("invalid token");
  }

  private static List<String> paths(Call call) {
    List<String> paths = call.texts("paths").isEmpty() ? call.texts("path") : call.texts("paths");
    if (paths.isEmpty()) {
      throw refused("paths must be supplied");
    }
    if (paths.size() > MAX_PATHS) {
      throw refused("'paths' has at most " + MAX_PATHS + " paths");
    }
    for (String path : paths) {
      if (path.length() > MAX_PATH_LENGTH) {
        throw refused("'paths' has paths of at most " + MAX_PATH_LENGTH + " characters");
      }
    }
    return paths;
  }

  private static Response answer(List<String> paths, Acl acl) {
    Map<String, Object> members = new LinkedHashMap<>();
    paths.forEach(path -> members.put(path, acl.capabilities(path)));
    if (paths.size() == 1) {
      members.put("capabilities", acl.capabilities(paths.get(0)));
    }
    return Response.of(Payload.of(members));
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }
}
