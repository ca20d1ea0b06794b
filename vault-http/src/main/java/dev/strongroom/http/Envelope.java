package dev.strongroom.http;

import dev.strongroom.ClientToken;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.spi.InstantText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON around what a request answers: eight members, all of them always there. Same as OpenBao
 * v2.6.2 {@code sdk/logical/translate_response.go}. Data go from the store to the socket as they
 * are.
 */
final class Envelope {
  private static final Set<String> MEMBERS = Set.of(
      "request_id",
      "lease_id",
      "renewable",
      "lease_duration",
      "data",
      "wrap_info",
      "warnings",
      "auth");

  /** Where older clients look for the members of {@code data}: at the top. */
  private static final Pattern REPEATED_AT_THE_TOP = Pattern.compile("""
      sys/(audit|audit-hash/.+|auth|auth/.+|config/cors|config/auditing/request-headers(/.+)?\
      |capabilities(-accessor|-self)?|ha-status|key-status|mounts|mounts/.+|policy|policy/.+\
      |rekey/(backup|recovery-key-backup)|remount|rotate\
      |rotate/(keyring|root/backup|recovery/backup)|wrapping/wrap)/?""");

  private Envelope() {}

  /** Returns as JSON what is neither empty nor an error without data. */
  static byte[] of(Request request, Response response, RequestIds ids) {
    ObjectText text = new ObjectText();
    response
        .data()
        .filter(data -> isRepeated(request))
        .ifPresent(data -> text.members(Payload.of(withoutClashes(data)).toJson()));
    return text.text("request_id", requestId(response, ids))
        .text("lease_id", response.lease().map(Lease::id).orElse(""))
        .flag("renewable", response.lease().filter(Lease::renewable).isPresent())
        .number("lease_duration", response.leaseDuration().toSeconds())
        .object("data", response.data())
        .object("wrap_info", response.wrapInfo().map(Envelope::wrapInfo))
        .texts("warnings", response.warnings())
        .object("auth", response.auth().map(Envelope::auth))
        .toJson();
  }

  /** The one in the audit; without an audit, any. A wrapped answer has none. */
  private static String requestId(Response response, RequestIds ids) {
    return response.wrapInfo().isPresent()
        ? ""
        : response.requestId().orElseGet(ids::next).toString();
  }

  private static Payload auth(Auth auth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("client_token", auth.token().map(ClientToken::exposeText).orElse(""));
    members.put("accessor", auth.accessor());
    members.put("policies", auth.policies());
    members.put("token_policies", auth.tokenPolicies());
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
    return Payload.of(members);
  }

  private static Payload wrapInfo(WrapInfo info) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("token", info.token().exposeText());
    members.put("accessor", info.accessor());
    members.put("ttl", info.ttl().toSeconds());
    members.put("creation_time", InstantText.format(info.createdAt()));
    members.put("creation_path", info.creationPath());
    info.wrappedAccessor().ifPresent(accessor -> members.put("wrapped_accessor", accessor));
    return Payload.of(members);
  }

  private static boolean isRepeated(Request request) {
    String path = request.path().text();
    return path.startsWith("sys/") && REPEATED_AT_THE_TOP.matcher(path).matches();
  }

  private static Map<String, ?> withoutClashes(Payload data) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(data.toMap());
    members.keySet().removeAll(MEMBERS);
    return members;
  }
}
