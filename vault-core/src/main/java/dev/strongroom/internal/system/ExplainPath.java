package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.policy.PolicyStore;
import dev.strongroom.internal.policy.TemplateValues;
import dev.strongroom.internal.token.TokenStore;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.util.List;
import java.util.Locale;

/**
 * {@code sys/policies/explain}: which rule decides about a request and what it lacks, for
 * operators. The reference has nothing like it. Needs {@code sudo}, because it names rules of
 * policies that the caller may not read.
 */
final class ExplainPath {
  private static final int MAX_POLICIES = 100;

  private final TokenStore tokens;
  private final PolicyStore policies;

  ExplainPath(TokenStore tokens, PolicyStore policies) {
    this.tokens = tokens;
    this.policies = policies;
  }

  List<Route> routes() {
    return List.of(Route.at("policies/explain", "What policies decide about a request, and why.")
        .field("operation", FieldType.TEXT, "What the request wants: read, create, update …")
        .field("path", FieldType.TEXT, "Its path, mount included.")
        .field("parameters", FieldType.OBJECT, "Its parameters.")
        .field("wrap_ttl", FieldType.DURATION, "How long its response is to stay wrapped.")
        .field("policies", FieldType.COMMA_TEXTS, "Of a caller with these policies.")
        .field("accessor", FieldType.TEXT, "Of the token of this accessor. Default: the caller's.")
        .sudo()
        .on(Operation.UPDATE, call -> explain(SystemCall.of(call))));
  }

  private Response explain(SystemCall call) {
    return Response.of(Payload.of(
        call.explain(acl(call), asked(call), call.duration("wrap_ttl")).toMap()));
  }

  private Acl acl(SystemCall call) {
    TokenPolicies.requireNames("policies", call.texts("policies"), MAX_POLICIES);
    List<String> names = List.copyOf(PolicyStore.fold(call.texts("policies")));
    boolean byAccessor = call.given("accessor").isPresent();
    if (byAccessor && !names.isEmpty()) {
      throw new VaultException(INVALID_REQUEST, "give one of 'policies' and 'accessor'");
    }
    if (byAccessor) {
      return tokens
          .aclOf(call.transaction(), TokenLookupPath.byAccessor(tokens, call).record())
          .orElseThrow(() -> new VaultException(INVALID_REQUEST, "invalid accessor"));
    }
    return names.isEmpty() ? call.caller().acl() : policies.aclOf(names, TemplateValues.NONE);
  }

  private static Request asked(SystemCall call) {
    Operation operation = operation(call.required("operation", "missing operation"));
    try {
      return Request.of(
          operation,
          VaultPath.parse(call.required("path", "missing path")),
          call.object("parameters").orElse(Payload.empty()));
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, "path: " + e.getMessage(), e);
    }
  }

  private static Operation operation(String name) {
    for (Operation operation : Operation.values()) {
      if (operation != Operation.HELP && lower(operation).equals(name)) {
        return operation;
      }
    }
    throw new VaultException(
        INVALID_REQUEST, "operation: create, read, update, patch, delete, list or scan");
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
