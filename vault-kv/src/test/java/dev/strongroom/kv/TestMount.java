package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import dev.strongroom.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A vault with the engine at {@code secret/}, asked through the untyped door as root. Paths are
 * those inside the mount, bodies are JSON with single quotes.
 */
final class TestMount implements AutoCloseable {
  private final InMemoryVault vault;

  TestMount() {
    this(MetadataPath.MAX_ANSWER);
  }

  /** As the other, with another limit of names and versions in an answer. */
  TestMount(int maxAnswer) {
    vault =
        Vault.inMemory(builder -> builder.mount("secret", Mount.of(new EngineWithRows(maxAnswer))));
  }

  Session root() {
    return vault.root();
  }

  KvStore store() {
    return store("secret");
  }

  KvStore store(String path) {
    return KvStore.at(vault.root(), path);
  }

  Response get(String path) {
    return get(path, "{}");
  }

  Response get(String path, String parameters) {
    return ask(Operation.READ, path, parameters);
  }

  Response post(String path, String body) {
    return ask(Operation.UPDATE, path, body);
  }

  Response patch(String path, String body) {
    return ask(Operation.PATCH, path, body);
  }

  Response delete(String path) {
    return ask(Operation.DELETE, path, "{}");
  }

  Response list(String path) {
    return ask(Operation.LIST, path, "{}");
  }

  Response ask(Operation operation, String path, String parameters) {
    return vault
        .root()
        .request(Request.of(
            operation,
            VaultPath.parse("secret/" + path),
            Payload.parse(parameters.replace('\'', '"'))));
  }

  /** Writes so many versions of a key, the last of them {@code {"n": versions}}. */
  void postVersions(String key, int versions) {
    for (int n = 1; n <= versions; n++) {
      post("data/" + key, "{'data':{'n':" + n + "}}").orThrow();
    }
  }

  void seal() {
    vault.vault().seal();
  }

  /** Moves time, and runs what falls due: {@code Duration.ZERO} runs what is due now. */
  void advance(Duration step) {
    vault.time().advance(step);
  }

  /** Returns how many rows of a kind a key has in the store, whoever knows of them. */
  int rows(RecordKind<?> kind, String key) {
    return texts(get("rows/" + kind.name() + "/" + key)).size();
  }

  /** Returns the data of an answer, success or not, as JSON text with single quotes. */
  static String json(Response response) {
    return new String(response.data().orElseThrow().toJson(), StandardCharsets.UTF_8)
        .replace('"', '\'');
  }

  /** Returns what lies at a dotted path in the data of an answer; null for null. */
  static Object at(Response response, String path) {
    Object current = response.data().orElseThrow().toMap();
    for (String name : path.split("\\.")) {
      Map<?, ?> members = (Map<?, ?>) current;
      assertThat(members.keySet()).as("members on the way to %s", path).anyMatch(name::equals);
      current = members.get(name);
    }
    return current;
  }

  /** Returns the names that a list or scan found. */
  static List<String> texts(Response response) {
    return response.orThrow().data().orElseThrow().texts("keys");
  }

  /** Checks that nothing was found, and that the answer says nothing more. */
  static void assertNothing(Response response) {
    assertThat(response.failure()).contains(ErrorCode.NOT_FOUND);
    assertThat(response.errors()).isEmpty();
    assertThat(response.data()).isEmpty();
    assertThat(response.warnings()).isEmpty();
  }

  static void assertRefused(Response response, ErrorCode code, String text) {
    assertThat(response.failure()).contains(code);
    assertThat(response.errors()).singleElement().asString().contains(text);
  }

  /** Checks for what HTTP calls 204. */
  static void assertEmpty(Response response) {
    assertThat(response.isEmpty()).as("%s", response).isTrue();
  }

  @Override
  public void close() {
    vault.close();
  }

  /** The engine, and a path that shows which rows a key has. */
  private record EngineWithRows(int maxAnswer) implements EngineType {
    @Override
    public String name() {
      return "kv";
    }

    @Override
    public SecretEngine create(MountContext context) {
      KvVersion2 engine = new KvVersion2(context.random(), maxAnswer);
      List<Route> routes = new ArrayList<>();
      routes.add(Route.at("rows/{kind}/{path...}", "Rows of a key.")
          .on(
              Operation.READ,
              call -> Response.of(Payload.of(Map.of(
                  "keys",
                  call.storage()
                      .list(kind(engine, call.captured("kind")), call.captured("path")))))));
      routes.addAll(engine.routes());
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return routes;
        }

        @Override
        public Optional<String> api() {
          return engine.api();
        }

        @Override
        public List<RecordKind<?>> records() {
          return engine.records();
        }

        @Override
        public boolean work(Storage storage, Instant now) {
          return engine.work(storage, now);
        }
      };
    }

    private static RecordKind<?> kind(SecretEngine engine, String name) {
      Optional<RecordKind<?>> kind =
          engine.records().stream().filter(k -> k.name().equals(name)).findFirst();
      return kind.orElseThrow();
    }
  }
}
