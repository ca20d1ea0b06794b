package dev.strongroom;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.List;
import java.util.Map;

/**
 * A vault with people in it, who log in at two mounts of a trusting auth method. Everybody has the
 * policy {@code default}.
 */
final class IdentityFixture implements AutoCloseable {
  final InMemoryVault vault = Vault.inMemory(builder -> builder
      .mount("notes", Mount.of(new NotesEngine()))
      .mount("other", Mount.of(new NotesEngine()))
      .auth("notes", new TrustingMethod())
      .auth("other", new TrustingMethod()));
  final Policies policies = Policies.of(vault.root());

  String accessor(String mount) {
    return read("sys/auth/" + mount).text("accessor").orElseThrow();
  }

  ClientToken login(String name, String... policyNames) {
    return login(name, Map.of(), policyNames);
  }

  ClientToken login(String name, Map<String, String> metadata, String... policyNames) {
    return loginAt("notes", name, metadata, policyNames);
  }

  ClientToken loginAt(
      String mount, String name, Map<String, String> metadata, String... policyNames) {
    return write(
            "auth/" + mount + "/login/" + name,
            Map.of("metadata", metadata, "token_policies", List.of(policyNames)))
        .orThrow()
        .auth()
        .flatMap(Auth::token)
        .orElseThrow();
  }

  Session session(ClientToken token) {
    return vault.vault().session(token);
  }

  List<String> may(Session session, String path) {
    return Policies.of(session).capabilities(path);
  }

  Response write(String path, Map<String, ?> members) {
    return vault.root().request(Request.write(path, members));
  }

  Payload read(String path) {
    return vault.root().request(Request.read(path)).orThrow().dataOrEmpty();
  }

  Response delete(String path) {
    return vault.root().request(Request.delete(path));
  }

  /** Makes or changes something and returns its id. */
  String id(String path, Map<String, ?> members) {
    return write(path, members).orThrow().dataOrEmpty().text("id").orElse("");
  }

  String entityOf(ClientToken token) {
    return vault
        .root()
        .request(Request.write("auth/token/lookup", Map.of("token", token.exposeText())))
        .orThrow()
        .dataOrEmpty()
        .text("entity_id")
        .orElseThrow();
  }

  @Override
  public void close() {
    vault.close();
  }
}
