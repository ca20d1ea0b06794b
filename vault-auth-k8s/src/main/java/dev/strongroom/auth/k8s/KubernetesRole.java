package dev.strongroom.auth.k8s;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which service accounts may log in, and what they get. Names and namespaces are compared as they
 * are; {@code *} stands for any characters. Immutable.
 *
 * @param serviceAccounts names of the service accounts, at least one
 * @param namespaces of them
 * @param namespaceLabels other namespaces are allowed that have all of these labels; none: no
 *     others
 * @param audience that the token must be meant for; empty: the API itself
 * @param aliasByName whether an entity is known by namespace and name, so that a service account
 *     that is made again is the same; else by its uid
 * @param policies of the token
 * @param ttl of the token; zero: the mount's
 * @param maxTtl of the token, renewals included; zero: the mount's
 * @param period not zero: the token lives so long after each renewal, without end
 */
public record KubernetesRole(
    List<String> serviceAccounts,
    List<String> namespaces,
    Map<String, String> namespaceLabels,
    String audience,
    boolean aliasByName,
    List<String> policies,
    Duration ttl,
    Duration maxTtl,
    Duration period) {
  public KubernetesRole {
    serviceAccounts = List.copyOf(serviceAccounts);
    namespaces = List.copyOf(namespaces);
    namespaceLabels = Map.copyOf(namespaceLabels);
    policies = List.copyOf(policies);
    DurationText.requireWholeSeconds(ttl);
    DurationText.requireWholeSeconds(maxTtl);
    DurationText.requireWholeSeconds(period);
  }

  /** A role of one service account, without a policy. */
  public static KubernetesRole of(String namespace, String serviceAccount) {
    return of(List.of(namespace), List.of(serviceAccount));
  }

  /** A role of several service accounts, in any of the namespaces, without a policy. */
  public static KubernetesRole of(List<String> namespaces, List<String> serviceAccounts) {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        Map.of(),
        "",
        false,
        List.of(),
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  public KubernetesRole withPolicies(String... names) {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        namespaceLabels,
        audience,
        aliasByName,
        List.of(names),
        ttl,
        maxTtl,
        period);
  }

  public KubernetesRole withTtls(Duration newTtl, Duration newMaxTtl) {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        namespaceLabels,
        audience,
        aliasByName,
        policies,
        newTtl,
        newMaxTtl,
        period);
  }

  public KubernetesRole withPeriod(Duration newPeriod) {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        namespaceLabels,
        audience,
        aliasByName,
        policies,
        ttl,
        maxTtl,
        newPeriod);
  }

  public KubernetesRole withAudience(String newAudience) {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        namespaceLabels,
        newAudience,
        aliasByName,
        policies,
        ttl,
        maxTtl,
        period);
  }

  public KubernetesRole withNamespaceLabels(Map<String, String> labels) {
    return new KubernetesRole(
        serviceAccounts, namespaces, labels, audience, aliasByName, policies, ttl, maxTtl, period);
  }

  public KubernetesRole withAliasByName() {
    return new KubernetesRole(
        serviceAccounts,
        namespaces,
        namespaceLabels,
        audience,
        true,
        policies,
        ttl,
        maxTtl,
        period);
  }

  Map<String, Object> parameters() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("bound_service_account_names", serviceAccounts);
    all.put("bound_service_account_namespaces", namespaces);
    if (!namespaceLabels.isEmpty()) {
      all.put(
          "bound_service_account_namespace_selector",
          new String(
              Payload.of(Map.of("matchLabels", namespaceLabels)).toJson(), StandardCharsets.UTF_8));
    }
    all.put("audience", audience);
    all.put("alias_name_source", aliasByName ? "serviceaccount_name" : "serviceaccount_uid");
    all.put("token_policies", policies);
    all.put("token_ttl", ttl.toSeconds());
    all.put("token_max_ttl", maxTtl.toSeconds());
    all.put("token_period", period.toSeconds());
    return all;
  }

  static KubernetesRole read(Payload data) {
    String selector = data.text("bound_service_account_namespace_selector").orElse("");
    return new KubernetesRole(
        data.texts("bound_service_account_names"),
        data.texts("bound_service_account_namespaces"),
        selector.startsWith("{") ? Payload.parse(selector).pairs("matchLabels") : Map.of(),
        data.text("audience").orElse(""),
        data.text("alias_name_source").filter("serviceaccount_name"::equals).isPresent(),
        data.texts("token_policies"),
        seconds(data, "token_ttl"),
        seconds(data, "token_max_ttl"),
        seconds(data, "token_period"));
  }

  private static Duration seconds(Payload data, String member) {
    return Duration.ofSeconds(data.number(member).map(Number::longValue).orElse(0L));
  }
}
