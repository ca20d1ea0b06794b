package dev.strongroom.http;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InMemoryVault;
import dev.strongroom.LoggerAudit;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.VirtualTime;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** An unsealed vault with KV 2 at {@code kv/} and its handler. */
final class Served implements AutoCloseable {
  /** A root token. */
  static final String ROOT = "the-root-token";

  private final Vault vault;
  private final VirtualTime time;
  private final VaultHttpHandler handler;

  Served() {
    this(HttpOptions.DEFAULT);
  }

  Served(HttpOptions options) {
    this(options, /* audited= */ false);
  }

  Served(HttpOptions options, boolean audited) {
    this(options, builder -> {
      builder.mount("kv", Kv.version2()).engine(Kv.engine());
      if (audited) {
        builder.audit("log", LoggerAudit.named("dev.strongroom.http.test"));
      }
    });
  }

  Served(HttpOptions options, Consumer<VaultBuilder> setup) {
    InMemoryVault made = Vault.inMemory(setup);
    vault = made.vault();
    time = made.time();
    made.root()
        .request(
            Request.write("auth/token/create", Map.of("id", ROOT, "policies", List.of("root"))))
        .orThrow();
    handler = VaultHttpHandler.of(vault, options.withClock(time));
  }

  private Served(Vault vault, VirtualTime time) {
    this.vault = vault;
    this.time = time;
    this.handler = VaultHttpHandler.of(vault, HttpOptions.DEFAULT.withClock(time));
  }

  /** A vault that nobody has initialised. */
  static Served uninitialized() {
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    return new Served(
        Vault.builder().storage(InMemoryStorage.create()).time(time).open(), time);
  }

  Vault vault() {
    return vault;
  }

  VirtualTime time() {
    return time;
  }

  VaultHttpHandler handler() {
    return handler;
  }

  /** Sends a call with the root token. */
  Answer root(SentCall call) {
    return send(call.with("X-Vault-Token", ROOT));
  }

  /** As {@link #root(SentCall)}, such as {@code GET /v1/sys/mounts}. */
  Answer root(String methodAndTarget) {
    return root(SentCall.of(methodAndTarget));
  }

  Answer send(SentCall call) {
    HttpReply reply = handler.handle(call);
    return new Answer(
        reply.status(), reply.headers(), new String(reply.body(), StandardCharsets.UTF_8));
  }

  Answer send(String methodAndTarget) {
    return send(SentCall.of(methodAndTarget));
  }

  /** Makes a token with one policy of that text. */
  String tokenWith(String policy) {
    root(SentCall.of("PUT /v1/sys/policies/acl/p")
        .body(new String(Payload.of(Map.of("policy", policy)).toJson(), StandardCharsets.UTF_8)));
    return root(SentCall.of("POST /v1/auth/token/create").body("{\"policies\":[\"p\"]}"))
        .json()
        .object("auth")
        .orElseThrow()
        .text("client_token")
        .orElseThrow();
  }

  @Override
  public void close() {
    vault.close();
  }

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String body) {
    Payload json() {
      return Payload.parse(body);
    }

    List<String> errors() {
      return json().texts("errors");
    }
  }
}
