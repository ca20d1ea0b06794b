package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.NOT_FOUND;

import dev.strongroom.VaultException;
import dev.strongroom.internal.password.PasswordPolicies;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code sys/policies/password}: reads, writes, deletes and lists password policies, and makes
 * passwords by them. Same rules as OpenBao v2.6.2 {@code vault/logical_system.go}. Names are as
 * they are written: two that differ in case are two.
 */
final class PasswordPolicyPath {
  private final PasswordPolicies passwords;

  PasswordPolicyPath(PasswordPolicies passwords) {
    this.passwords = passwords;
  }

  List<Route> routes() {
    return List.of(
        Route.at("policies/password", "Names of the password policies.")
            .on(Operation.LIST, call -> list(SystemCall.of(call), "")),
        Route.at("policies/password/{name...}/generate", "A new password by a policy.")
            .on(Operation.READ, call -> generate(SystemCall.of(call))),
        Route.at("policies/password/{name...}", "A password policy.")
            .field("policy", FieldType.TEXT, "The text, HCL or JSON, or its base64.")
            .on(Operation.READ, call -> read(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> write(SystemCall.of(call)))
            .on(Operation.DELETE, call -> delete(SystemCall.of(call)))
            .on(Operation.LIST, call -> list(SystemCall.of(call), call.captured("name"))));
  }

  private Response list(SystemCall call, String folder) {
    List<String> names = passwords.names(call.transaction(), folder);
    return names.isEmpty() ? Response.empty() : Response.of(Payload.of(Map.of("keys", names)));
  }

  private Response read(SystemCall call) {
    return passwords
        .read(call.transaction(), name(call))
        .map(text -> Response.of(Payload.of(Map.of("policy", text))))
        .orElseGet(() -> Response.failure(NOT_FOUND, "policy does not exist"));
  }

  private Response write(SystemCall call) {
    String text = PolicyPath.decoded(call.required("policy", "missing policy"));
    try {
      passwords.write(call.transaction(), name(call), text);
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
    return Response.empty();
  }

  private Response delete(SystemCall call) {
    passwords.delete(call.transaction(), name(call));
    return Response.empty();
  }

  private Response generate(SystemCall call) {
    char[] password = passwords.generate(call.transaction(), name(call));
    try {
      return Response.of(Payload.of(Map.of("password", new String(password))));
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static String name(SystemCall call) {
    String name = call.captured("name");
    if (name.isEmpty() || name.endsWith("/")) {
      throw new VaultException(INVALID_REQUEST, "missing name of the password policy");
    }
    return name;
  }
}
