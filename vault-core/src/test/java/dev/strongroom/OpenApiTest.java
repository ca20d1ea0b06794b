package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code sys/internal/specs/openapi}. */
class OpenApiTest {
  private static final String PATH = "sys/internal/specs/openapi";

  private final InMemoryVault vault = Vault.inMemory(builder -> builder
      .mount("notes", Mount.of(new NotesEngine()))
      .mount("my-notes", Mount.of(new NotesEngine()))
      .auth("trusting", new TrustingMethod()));

  @AfterEach
  void close() {
    vault.close();
  }

  private static Map<String, Map<?, ?>> paths(Session session, Request request) {
    Payload document = session.request(request).orThrow().dataOrEmpty();
    assertThat(document.text("openapi")).contains("3.0.2");
    @SuppressWarnings("unchecked") // as the format says
    Map<String, Map<?, ?>> paths = (Map<String, Map<?, ?>>)
        (Map<?, ?>) document.object("paths").orElseThrow().toMap();
    return paths;
  }

  @Test
  void read_withRoot_hasEveryRouteOfEveryMount() {
    Map<String, Map<?, ?>> paths = paths(vault.root(), Request.read(PATH));
    for (String mount : List.of(
        "sys/",
        "auth/token/",
        "auth/trusting/",
        "identity/",
        "cubbyhole/",
        "notes/",
        "my-notes/")) {
      Map<?, ?> help =
          vault.root().request(Request.help(mount)).orThrow().dataOrEmpty().toMap();
      for (Object described : (List<?>) help.get("routes")) {
        Map<?, ?> route = (Map<?, ?>) described;
        String path = "/" + mount + ((String) route.get("path")).replace("...}", "}");
        assertThat(paths).containsKey(path);
        Map<?, ?> item = paths.get(path);
        assertThat(item.containsKey("x-vault-sudo")).as(path).isEqualTo(route.get("sudo"));
        assertThat(item.containsKey("x-vault-unauthenticated"))
            .as(path)
            .isEqualTo(route.get("open"));
        List<?> operations = (List<?>) route.get("operations");
        assertThat(item.containsKey("post")).as(path).isEqualTo(operations.contains("update"));
        assertThat(item.containsKey("patch")).as(path).isEqualTo(operations.contains("patch"));
        assertThat(item.containsKey("delete")).as(path).isEqualTo(operations.contains("delete"));
        assertThat(item.containsKey("get"))
            .as(path)
            .isEqualTo(operations.stream().anyMatch(List.of("read", "list", "scan")::contains));
      }
    }
  }

  @Test
  void read_withRoot_namesNoOperationTwiceAndDescribesEachBody() {
    Payload document = vault.root().request(Request.read(PATH)).orThrow().dataOrEmpty();
    Map<?, ?> schemas =
        (Map<?, ?>) document.object("components").orElseThrow().toMap().get("schemas");
    Set<Object> ids = new HashSet<>();
    for (Map<?, ?> item : paths(vault.root(), Request.read(PATH)).values()) {
      for (String method : List.of("get", "post", "patch", "delete")) {
        if (item.get(method) instanceof Map<?, ?> operation) {
          assertThat(ids.add(operation.get("operationId"))).isTrue();
          String text = String.valueOf(operation);
          if (text.contains("$ref")) {
            assertThat(schemas.keySet().stream().filter(name -> text.contains("/" + name + "}")))
                .hasSize(1);
          }
        }
      }
    }
    Map<?, ?> body = (Map<?, ?>) schemas.get("SysWritePoliciesAclNameRequest");
    assertThat(String.valueOf(body.get("properties"))).contains("policy={type=string");
  }

  @Test
  void read_byACaller_hasTheMountsOfItsPolicies() {
    Policies.of(vault.root()).put("one", "path \"notes/a\" { capabilities = [\"read\"] }");
    Session caller = vault
        .vault()
        .session(Tokens.of(vault.root())
            .create(TokenRequest.of("one").withoutDefaultPolicy())
            .token()
            .orElseThrow());
    assertThat(paths(caller, Request.read(PATH)).keySet())
        .isNotEmpty()
        .allMatch(path -> path.startsWith("/notes/"));
  }

  @Test
  void read_withoutToken_hasTheMountsThatAreOpenToSee() {
    Session stranger = vault.vault().sessionWithoutToken();
    assertThat(paths(stranger, Request.read(PATH))).isEmpty();
    vault
        .root()
        .request(Request.write("sys/mounts/notes/tune", Map.of("listing_visibility", "unauth")))
        .orThrow();
    assertThat(paths(stranger, Request.read(PATH)).keySet())
        .isNotEmpty()
        .allMatch(path -> path.startsWith("/notes/"));
  }

  @Test
  void read_withNamesForMounts_namesThoseThatCanBeElsewhere() {
    Map<String, Map<?, ?>> paths =
        paths(vault.root(), Request.read(PATH).with("generic_mount_paths", true));
    assertThat(paths.keySet())
        .anyMatch(path -> path.startsWith("/{my_notes_mount_path}/"))
        .anyMatch(path -> path.startsWith("/auth/{trusting_mount_path}/"))
        .contains("/sys/mounts", "/auth/token/create")
        .noneMatch(path -> path.startsWith("/notes/"));
    assertThat(paths.entrySet().stream()
            .filter(path -> path.getKey().startsWith("/{my_notes_mount_path}/"))
            .map(path -> String.valueOf(path.getValue().get("parameters"))))
        .allMatch(parameters -> parameters.contains("my_notes_mount_path"));
  }
}
