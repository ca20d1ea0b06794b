package dev.strongroom.internal.system;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.ceremony.RootTokenCeremony;
import dev.strongroom.internal.ceremony.RootTokenCeremony.Status;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A root token, by holders of the key shares: {@code sys/generate-root-token/…} for callers with a
 * token, and the older {@code sys/generate-root/…} without one. There is no PGP. Same behaviour as
 * OpenBao v2.6.2 {@code vault/logical_system_generate_root.go} and
 * {@code http/sys_generate_root.go}.
 */
final class RootTokenPath {
  private final RootTokenCeremony ceremony;
  private final String prefix;

  /**
   * One family of paths.
   *
   * @param prefix {@code generate-root} or {@code generate-root-token}
   */
  RootTokenPath(RootTokenCeremony ceremony, String prefix) {
    this.ceremony = ceremony;
    this.prefix = prefix;
  }

  /** Returns the routes for callers with a token, and the right to it. */
  List<Route> routes() {
    return routes(Route::sudo);
  }

  /** Returns the routes for everybody who can reach the vault. */
  List<Route> routesWithoutToken() {
    return routes(Route::withoutToken);
  }

  private List<Route> routes(UnaryOperator<Route> access) {
    return List.of(
        access.apply(Route.at(prefix + "/attempt", "A root token: begins, tells, gives up.")
            .field("otp", FieldType.TEXT, "The one-time pad; empty: the vault makes one.")
            .field("pgp_key", FieldType.TEXT, "Not supported.")
            .field("nonce", FieldType.TEXT, "Which one is given up; empty: whichever it is.")
            .on(Operation.READ, call -> Response.of(members(ceremony.status(), "")))
            .on(Operation.UPDATE, call -> begin(SystemCall.of(call)))
            .on(Operation.DELETE, call -> cancel(SystemCall.of(call)))),
        access.apply(Route.at(prefix + "/update", "Takes a key share.")
            .field("key", FieldType.TEXT, "The share, in hex or base64.")
            .field("nonce", FieldType.TEXT, "Which ceremony it is for.")
            .on(Operation.UPDATE, call -> update(SystemCall.of(call)))));
  }

  /** Returns the route that takes the pad off a token, which needs no vault at all. */
  static Route decoding() {
    return Route.at("decode-token", "Takes the one-time pad off a root token.")
        .withoutToken()
        .field("encoded_token", FieldType.TEXT, "The token under the pad.")
        .field("otp", FieldType.TEXT, "The pad.")
        .on(Operation.UPDATE, call -> decode(SystemCall.of(call)));
  }

  private Response begin(SystemCall call) {
    if (call.given("pgp_key").isPresent()) {
      return SystemCall.refused("pgp_key is not supported: give an otp, or take the vault's");
    }
    Optional<String> given = call.given("otp");
    String pad = ceremony.begin(given);
    return Response.of(members(ceremony.status(), given.isPresent() ? "" : pad));
  }

  private Response cancel(SystemCall call) {
    ceremony.cancel(call.given("nonce"));
    return Response.empty();
  }

  private Response update(SystemCall call) {
    String nonce = call.text("nonce").orElse("");
    Optional<String> encoded = ShareField.use(
        call,
        "'key' must be specified in request body as JSON",
        share -> ceremony.give(call.transaction(), share, nonce));
    Status status = ceremony.status();
    return Response.of(encoded
        .map(token -> completed(nonce, status.required(), token))
        .orElseGet(() -> members(status, "")));
  }

  private static Response decode(SystemCall call) {
    Optional<String> encoded = call.given("encoded_token");
    Optional<String> pad = call.given("otp");
    if (encoded.isEmpty() || pad.isEmpty()) {
      return SystemCall.refused("provided 'encoded_token' or 'otp' is empty");
    }
    try {
      return Response.of(Payload.of(
          Map.of("token", RootTokenCeremony.decode(encoded.get(), pad.get()).exposeText())));
    } catch (IllegalArgumentException e) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private static Payload completed(String nonce, int required, String token) {
    Map<String, Object> members = members(nonce, true, required, required, token);
    members.put("otp", "");
    members.put("otp_length", 0);
    return Payload.of(members);
  }

  private static Payload members(Status status, String pad) {
    Map<String, Object> members = members(
        status.nonce().orElse(""),
        status.nonce().isPresent(),
        status.given(),
        status.required(),
        "");
    members.put("otp", pad);
    members.put("otp_length", RootTokenCeremony.PAD_LENGTH);
    return Payload.of(members);
  }

  private static Map<String, Object> members(
      String nonce, boolean started, int progress, int required, String token) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("nonce", nonce);
    members.put("started", started);
    members.put("progress", progress);
    members.put("required", required);
    members.put("complete", !token.isEmpty());
    members.put("encoded_token", token);
    members.put("encoded_root_token", token);
    members.put("pgp_fingerprint", "");
    return members;
  }
}
