package dev.strongroom;

import dev.strongroom.internal.unsealed.UnsealedVault.Login;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A vault with people in it, who log in at a mount as auth methods will let them. Everybody has the
 * policy {@code default}.
 */
final class IdentityFixture implements AutoCloseable {
  final InMemoryVault vault = Vault.inMemory(builder -> builder
      .mount("notes", Mount.of(new NotesEngine()))
      .mount("other", Mount.of(new NotesEngine())));
  final Policies policies = Policies.of(vault.root());

  String accessor(String mount) {
    return Mounts.of(vault.root()).list().get(mount).accessor();
  }

  ClientToken login(String name, String... policyNames) {
    return login(name, Map.of(), policyNames);
  }

  ClientToken login(String name, Map<String, String> metadata, String... policyNames) {
    return loginAt("notes", name, metadata, policyNames);
  }

  ClientToken loginAt(
      String mount, String name, Map<String, String> metadata, String... policyNames) {
    return Objects.requireNonNull(vault.vault().unsealedOrNull())
        .createLoginToken(
            new Login(accessor(mount), name, metadata),
            "auth/" + mount + "/login/" + name,
            Stream.concat(Stream.of("default"), Stream.of(policyNames)).toList(),
            Duration.ofHours(1));
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
