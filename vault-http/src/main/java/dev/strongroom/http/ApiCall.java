package dev.strongroom.http;

import dev.strongroom.ClientToken;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.VaultPath;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@link HttpCall} whose target and headers are read. For one thread.
 *
 * @param token what the caller brought; empty without one, and for text that nobody's token can be
 */
record ApiCall(
    HttpCall http, RequestTarget target, Optional<ClientToken> token, HttpOptions options) {
  private static final String BEARER = "Bearer ";
  private static final Set<String> CREDENTIALS =
      Set.of("x-vault-token", "x-vault-mfa", "authorization", "proxy-authorization", "cookie");

  /** What proxies say of their clients, and anybody can say. */
  private static final Set<String> CLAIMS = Set.of(
      "x-forwarded-for",
      "x-forwarded-client-cert",
      "x-real-ip",
      "x-client-cert",
      "x-ssl-client-cert",
      "ssl-client-cert",
      "client-cert",
      "client-cert-chain",
      "forwarded");

  private static final Set<String> ROOT_NAMESPACE = Set.of("", "/", "root", "root/");

  /**
   * Reads a call.
   *
   * @throws Refusal if something about it is wrong
   */
  static ApiCall of(HttpCall http, HttpOptions options) {
    RequestTarget target = RequestTarget.parse(http.target(), options.limits());
    if (http.header("X-Vault-Namespace").stream()
        .anyMatch(namespace -> !ROOT_NAMESPACE.contains(namespace))) {
      throw Refusal.of(404, "namespace not found");
    }
    if (options.requestHeaderNeeded() && !http.header("X-Vault-Request").equals(List.of("true"))) {
      throw Refusal.of(412, "missing 'X-Vault-Request' header");
    }
    requireMfaForm(http);
    return new ApiCall(http, target, token(http), options);
  }

  /** Nothing here asks for a second factor, but what clients send for one has a form. */
  private static void requireMfaForm(HttpCall http) {
    for (String credential : http.header("X-Vault-MFA")) {
      if (credential.startsWith(":") || credential.endsWith(":")) {
        throw Refusal.of(
            400, "failed to parse X-Vault-MFA header: a credential is method or method:value");
      }
    }
  }

  String method() {
    return http.method();
  }

  VaultPath path() {
    return target.path();
  }

  /** Returns whether a call wants to be told about its path, with any method. */
  boolean asksForHelp() {
    return target.first("help") != null || method().equals("HELP");
  }

  boolean isWrite() {
    return method().equals("POST") || method().equals("PUT");
  }

  /**
   * Returns where the call came from, without what could open the vault and what nobody vouches
   * for.
   *
   * @throws Refusal as {@link ClientAddress#of}
   */
  static Origin origin(HttpCall http, HttpOptions options) {
    Map<String, List<String>> headers = new HashMap<>();
    for (String name : http.headerNames()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (!CREDENTIALS.contains(lower) && !CLAIMS.contains(lower)) {
        headers.put(lower, http.header(name));
      }
    }
    return new Origin(ClientAddress.of(http, options), http.remote().getPort(), headers);
  }

  /** Returns where the call came from. */
  Origin origin() {
    return origin(http, options);
  }

  /** Reads the body; once. */
  Payload body() {
    return new RequestBody(options.limits()).read(http);
  }

  /**
   * Returns the token of a call.
   *
   * @throws Refusal if it has several
   */
  static Optional<ClientToken> token(HttpCall http) {
    List<String> tokens = http.header("X-Vault-Token");
    if (tokens.size() > 1) {
      throw severalTokens();
    }
    String token = tokens.isEmpty() ? "" : tokens.get(0);
    for (String credentials : http.header("Authorization")) {
      String bearer = credentials.startsWith(BEARER) ? credentials.substring(BEARER.length()) : "";
      if (!bearer.isEmpty() && !token.isEmpty() && !bearer.equals(token)) {
        throw severalTokens();
      }
      token = token.isEmpty() ? bearer : token;
    }
    if (token.indexOf(',') >= 0) {
      throw severalTokens();
    }
    return token.isEmpty() ? Optional.empty() : parse(token);
  }

  private static Refusal severalTokens() {
    return Refusal.of(400, "a request has one token at most");
  }

  private static Optional<ClientToken> parse(String text) {
    try {
      return Optional.of(ClientToken.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // as for a token that nobody knows
    }
  }

  /** Names method and path; nothing else is printed. */
  @Override
  public String toString() {
    return method().toUpperCase(Locale.ROOT) + " " + path();
  }
}
