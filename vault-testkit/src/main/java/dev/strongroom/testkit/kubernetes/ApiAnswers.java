package dev.strongroom.testkit.kubernetes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objects that an API server answers with, word for word. */
final class ApiAnswers {
  static final String REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";

  private static final Map<Integer, String> REASONS = Map.of(
      400, "BadRequest",
      401, "Unauthorized",
      403, "Forbidden",
      404, "NotFound",
      429, "TooManyRequests",
      500, "InternalError");

  private ApiAnswers() {}

  static Answer status(int code, String message) {
    return status(code, message, Map.of());
  }

  static Answer status(int code, String message, Map<String, ?> details) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", "Status");
    object.put("apiVersion", "v1");
    object.put("metadata", Map.of());
    object.put("status", "Failure");
    object.put("message", message);
    object.put("reason", REASONS.getOrDefault(code, "Unknown"));
    if (!details.isEmpty()) {
      object.put("details", details);
    }
    object.put("code", code);
    return Answer.json(code, object);
  }

  static Answer unauthorized() {
    return status(401, "Unauthorized");
  }

  static Answer reviewForbidden(String user) {
    return status(
        403,
        "tokenreviews.authentication.k8s.io is forbidden: User \"" + user
            + "\" cannot create resource \"tokenreviews\" in API group"
            + " \"authentication.k8s.io\" at the cluster scope",
        ordered("group", "authentication.k8s.io", "kind", "tokenreviews"));
  }

  static Answer namespaceForbidden(String user, String name) {
    return status(
        403,
        "namespaces \"" + name + "\" is forbidden: User \"" + user
            + "\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"" + name
            + "\"",
        ordered("name", name, "kind", "namespaces"));
  }

  static Answer namespaceNotFound(String name) {
    return status(
        404, "namespaces \"" + name + "\" not found", ordered("name", name, "kind", "namespaces"));
  }

  static Answer accountForbidden(String user, String namespace, String name) {
    return status(
        403,
        "serviceaccounts \"" + name + "\" is forbidden: User \"" + user
            + "\" cannot get resource \"serviceaccounts\" in API group \"\" in the namespace \""
            + namespace + "\"",
        ordered("name", name, "kind", "serviceaccounts"));
  }

  static Answer accountNotFound(String name) {
    return status(
        404,
        "serviceaccounts \"" + name + "\" not found",
        ordered("name", name, "kind", "serviceaccounts"));
  }

  static Answer account(ServiceAccount account) {
    return Answer.json(
        200,
        ordered(
            "kind", "ServiceAccount",
            "apiVersion", "v1",
            "metadata",
                ordered(
                    "name", account.name(),
                    "namespace", account.namespace(),
                    "uid", account.uid())));
  }

  static Answer namespace(String name, Map<String, String> labels) {
    return Answer.json(
        200,
        ordered(
            "kind", "Namespace",
            "apiVersion", "v1",
            "metadata", ordered("name", name, "labels", labels),
            "spec", Map.of("finalizers", List.of("kubernetes")),
            "status", Map.of("phase", "Active")));
  }

  /** Members that are false or empty are left out, as the server does. */
  static Answer review(String token, List<String> audiences, Verdict verdict) {
    Map<String, Object> spec = ordered("token", token);
    if (!audiences.isEmpty()) {
      spec.put("audiences", audiences);
    }
    Map<String, Object> status = new LinkedHashMap<>();
    if (verdict.isAccepted()) {
      status.put("authenticated", true);
    }
    status.put("user", user(verdict));
    if (!verdict.audiences().isEmpty()) {
      status.put("audiences", verdict.audiences());
    }
    if (!verdict.error().isEmpty()) {
      status.put("error", verdict.error());
    }
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("creationTimestamp", null);
    return Answer.json(
        201,
        ordered(
            "kind", "TokenReview",
            "apiVersion", "authentication.k8s.io/v1",
            "metadata", metadata,
            "spec", spec,
            "status", status));
  }

  private static Map<String, ?> user(Verdict verdict) {
    if (!verdict.isAccepted()) {
      return Map.of();
    }
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("username", verdict.user());
    user.put("uid", verdict.uid());
    user.put("groups", verdict.groups());
    if (!verdict.extra().isEmpty()) {
      user.put("extra", verdict.extra());
    }
    return user;
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return members;
  }
}
