package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of a request: one record of it, and one of its response. */
class AuditedOutcomesTest {
  private static final String CANARY = "CANARY-7f3a";

  @TempDir
  private Path folder;

  private InMemoryVault vault;
  private Session nobody;

  @BeforeEach
  void open() {
    vault = Vault.inMemory(builder -> builder
        .mount("secret", Kv.version1())
        .mount("broken", Mount.of(new BrokenEngine()))
        .auth("approle", AppRole.method())
        .audit("file", FileAudit.appendTo(folder.resolve("audit.log"))));
    nobody = vault.vault().sessionWithoutToken();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  /** An engine with a mistake in it. */
  private static final class BrokenEngine implements EngineType {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of(Route.at("a", "Fails.")
              .exists(call -> {
                throw new IllegalStateException(CANARY);
              })
              .on(Operation.UPDATE, call -> Response.empty())
              .on(Operation.READ, call -> {
                throw new IllegalStateException(CANARY);
              }));
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }
  }

  private List<Map<String, Object>> records() {
    try {
      return Files.readAllLines(folder.resolve("audit.log")).stream()
          .<Map<String, Object>>map(line -> Payload.parse(line).toMap())
          .filter(record -> Set.of("request", "response").contains(record.get("type")))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a request and checks that it has left its two records, the second with the error. */
  private Response recorded(Session session, Request request) {
    int before = records().size();
    Response response = session.request(request);
    List<Map<String, Object>> trail = records().subList(before, records().size());
    assertThat(trail)
        .extracting(record -> record.get("type"))
        .as("%s", request)
        .containsExactly("request", "response");
    assertThat(trail)
        .allSatisfy(record -> assertThat(((Map<?, ?>) record.get("request")).get("path"))
            .isEqualTo(request.path().text()));
    assertThat((String) trail.get(1).getOrDefault("error", ""))
        .startsWith(response.failure().map(Enum::name).orElse(""))
        .doesNotContain(CANARY);
    return response;
  }

  private static void assertFailed(ErrorCode code, Response response) {
    assertThat(response.failure()).contains(code);
  }

  @Test
  void allowedAndDenied() {
    recorded(vault.root(), Request.write("secret/a", Map.of("a", "b"))).orThrow();
    recorded(vault.root(), Request.read("secret/a")).orThrow();
    Session weak = vault
        .vault()
        .session(Tokens.of(vault.root())
            .create(TokenRequest.of("default").withNumUses(2))
            .token()
            .orElseThrow());
    assertFailed(ErrorCode.PERMISSION_DENIED, recorded(weak, Request.read("secret/a")));
    recorded(weak, Request.read("auth/token/lookup-self")).orThrow();
    assertFailed(
        ErrorCode.PERMISSION_DENIED, recorded(weak, Request.read("auth/token/lookup-self")));
    assertFailed(ErrorCode.PERMISSION_DENIED, recorded(nobody, Request.read("secret/a")));
    Session stranger = vault.vault().session(ClientToken.parse("s.nobody"));
    assertFailed(ErrorCode.PERMISSION_DENIED, recorded(stranger, Request.read("secret/a")));
  }

  @Test
  void errorsAndMistakesOfEngines() {
    assertFailed(ErrorCode.NOT_FOUND, recorded(vault.root(), Request.read("nothing/here")));
    assertFailed(
        ErrorCode.INVALID_REQUEST,
        recorded(vault.root(), Request.write("auth/token/create", Map.of("ttl", "soon"))));
    assertFailed(ErrorCode.INTERNAL, recorded(vault.root(), Request.read("broken/a")));
    assertFailed(
        ErrorCode.INTERNAL, recorded(vault.root(), Request.write("broken/a", Map.of("a", "b"))));
  }

  @Test
  void wrappedAndUnwrapped() {
    vault.root().request(Request.write("secret/a", Map.of("a", CANARY))).orThrow();
    ClientToken token = recorded(
            vault.root(), Request.read("secret/a").wrapped(Duration.ofMinutes(1)))
        .wrapInfo()
        .orElseThrow()
        .token();
    Session bearer = vault.vault().session(token);
    Request unwrap = Request.write("sys/wrapping/unwrap", Map.of());
    recorded(bearer, unwrap).orThrow();
    assertFailed(ErrorCode.INVALID_REQUEST, recorded(bearer, unwrap)); // it is used up
  }

  @Test
  void loginsThatFailAndOneThatDoesNot() {
    vault
        .root()
        .request(Request.write("auth/approle/role/app", Map.of("role_id", "app-role")))
        .orThrow();
    String secretId = vault
        .root()
        .request(Request.write("auth/approle/role/app/secret-id", Map.of()))
        .orThrow()
        .dataOrEmpty()
        .text("secret_id")
        .orElseThrow();
    Request login = Request.write("auth/approle/login", Map.of("role_id", "app-role"));
    assertFailed(ErrorCode.INVALID_REQUEST, recorded(nobody, login));
    assertFailed(ErrorCode.INVALID_REQUEST, recorded(nobody, login.with("secret_id", CANARY)));
    assertFailed(
        ErrorCode.INVALID_REQUEST, recorded(nobody, login.with("secret_id", Map.of("a", "b"))));
    recorded(nobody, login.with("secret_id", secretId)).orThrow();
  }

  @Test
  void sealingByARequest() {
    recorded(vault.root(), Request.write("sys/seal", Map.of())).orThrow();
    int before = records().size();
    assertFailed(ErrorCode.SEALED, vault.root().request(Request.read("secret/a")));
    assertThat(records()).hasSize(before); // nobody can write a record then
  }
}
