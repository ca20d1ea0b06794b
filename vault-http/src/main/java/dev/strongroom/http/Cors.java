package dev.strongroom.http;

import dev.strongroom.CorsRules;
import dev.strongroom.Vault;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets pages of other sites use the vault, where its rules say so. Without rules, and for requests
 * without {@code Origin}, it does nothing. Same as OpenBao v2.6.2 {@code http/cors.go}, but an
 * origin is compared as a whole text.
 */
final class Cors {
  private static final List<String> METHODS =
      List.of("DELETE", "GET", "OPTIONS", "POST", "PUT", "LIST", "SCAN");
  private static final List<String> HEADERS = List.of(
      "Content-Type",
      "Authorization",
      "X-Vault-Token",
      "X-Vault-MFA",
      "X-Vault-No-Request-Forwarding",
      "X-Vault-Wrap-Format",
      "X-Vault-Wrap-TTL",
      "X-Requested-With",
      "X-Vault-AWS-IAM-Server-ID",
      "X-Vault-Policy-Override");

  /** What rules make of a request. */
  private record Page(String origin, CorsRules rules) {}

  private final Vault vault;

  Cors(Vault vault) {
    this.vault = vault;
  }

  /**
   * Answers a preflight itself; otherwise adds to the answer of {@code next} who may read it.
   *
   * @throws Refusal with 403 if the page's site is not allowed
   */
  HttpReply around(HttpCall call, Supplier<HttpReply> next) {
    Optional<Page> page = page(call);
    if (page.isEmpty()) {
      return next.get();
    }
    List<String> wanted = call.header("Access-Control-Request-Method");
    HttpReply reply = call.method().equals("OPTIONS") && !wanted.isEmpty()
        ? preflight(wanted.get(0), page.get().rules)
        : next.get();
    return readableBy(page.get(), reply);
  }

  private Optional<Page> page(HttpCall call) {
    List<String> origins = call.header("Origin");
    if (origins.isEmpty()) {
      return Optional.empty();
    }
    return vault.corsRules().map(rules -> {
      if (origins.size() > 1 || !rules.allows(origins.get(0))) {
        throw Refusal.of(403, "origin not allowed");
      }
      return new Page(origins.get(0), rules);
    });
  }

  private static HttpReply preflight(String method, CorsRules rules) {
    if (!METHODS.contains(method)) {
      return Replies.empty(405);
    }
    List<String> more = rules.allowedHeaders();
    String headers =
        String.join(",", HEADERS) + (more.isEmpty() ? "" : ",") + String.join(",", more);
    return Replies.empty(200)
        .with("Access-Control-Allow-Methods", String.join(",", METHODS))
        .with("Access-Control-Allow-Headers", headers)
        .with("Access-Control-Max-Age", "300");
  }

  private static HttpReply readableBy(Page page, HttpReply reply) {
    HttpReply readable =
        reply.with("Access-Control-Allow-Origin", page.origin).with("Vary", "Origin");
    return page.rules.allowCredentials()
        ? readable.with("Access-Control-Allow-Credentials", "true")
        : readable;
  }
}
