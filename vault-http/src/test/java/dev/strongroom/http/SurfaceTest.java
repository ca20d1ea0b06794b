package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.http.Served.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** All paths there are, as strangers and as bad callers meet them. */
class SurfaceTest {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "LIST", "SCAN", "POST", "PUT", "PATCH", "DELETE", "HELP", "OPTIONS");

  /**
   * What a stranger gets anything else for than 403: a new line opens the vault to everybody.
   * Beside these, logins, and looking at a wrapping token by whoever has it.
   */
  private static final Set<String> OPEN = Set.of(
      "GET sys/health",
      "HEAD sys/health",
      "GET sys/init",
      "GET sys/leader",
      "GET sys/seal-status",
      "GET sys/internal/specs/openapi",
      "GET sys/internal/ui/mounts",
      "POST sys/init",
      "POST sys/unseal",
      "POST sys/decode-token");

  private static final List<String> HOST_PATHS = List.of(
      "sys/health",
      "sys/init",
      "sys/leader",
      "sys/seal-status",
      "sys/unseal",
      "sys/seal",
      "sys/metrics");

  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  private record Route(String path, Set<String> fields) {}

  /** As the help of the mounts shows them. */
  private List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    for (String mount : List.of("sys/", "auth/token/", "cubbyhole/", "identity/", "kv/")) {
      Map<?, ?> help = served.root("HELP /v1/" + mount).json().toMap();
      for (Object described : (List<?>) help.get("routes")) {
        Map<?, ?> route = (Map<?, ?>) described;
        Set<String> fields = new TreeSet<>();
        ((Map<?, ?>) route.get("fields")).keySet().forEach(name -> fields.add((String) name));
        String pattern = mount + route.get("path");
        routes.add(new Route(pattern.replaceAll("\\{[^}]*}", "sample"), fields));
      }
    }
    HOST_PATHS.forEach(path -> routes.add(new Route(
        path,
        Set.of(
            "key",
            "reset",
            "migrate",
            "secret_shares",
            "secret_threshold",
            "pgp_keys",
            "root_token_pgp_key",
            "recovery_shares"))));
    return routes;
  }

  @Test
  @DisplayName("H-13 what is answered without a token is a list")
  void request_withoutToken_isAnsweredOnTheListedPathsOnly() {
    Set<String> answered = new TreeSet<>();
    for (Route route : routes()) {
      for (String method : METHODS) {
        Answer answer = served.send(SentCall.of(method + " /v1/" + route.path)
            .with("Content-Type", "application/merge-patch+json")
            .body("{}"));
        if (answer.status() != 403 && answer.status() != 405 && !method.equals("OPTIONS")) {
          answered.add(method.replace("PUT", "POST") + " " + route.path);
        }
      }
    }
    assertThat(answered).isEqualTo(new TreeSet<>(OPEN));
  }

  @Test
  @DisplayName("H-13 a sealed vault answers nobody but on the paths of the host")
  void request_toASealedVault_is503OnAllOtherPaths() {
    List<Route> routes = routes();
    served.vault().seal();
    for (Route route : routes) {
      for (String method : METHODS) {
        if (HOST_PATHS.contains(route.path) || method.equals("OPTIONS")) {
          continue;
        }
        assertThat(served
                .root(SentCall.of(method + " /v1/" + route.path)
                    .with("Content-Type", "application/merge-patch+json")
                    .body("{}"))
                .status())
            .as("%s %s", method, route.path)
            .isEqualTo(503);
      }
    }
  }

  @Test
  @DisplayName("H-7 no value of a field is a failure of the vault")
  void write_ofAnyValueInAnyField_isNoServerError() {
    List<String> values = new ArrayList<>(
        List.of("null", "[]", "{}", "true", "-1", "1e99", "\"\"", "\"\\u0000\"", "[[]]", "1.5"));
    values.add("\"" + "x".repeat(1 << 14) + "\"");
    int tried = 0;
    for (Route route : routes()) {
      if (route.path.equals("sys/seal")) { // a right call seals, whatever else it says
        continue;
      }
      for (String field : route.fields) {
        for (String value : values) {
          String body = "{\"" + field + "\":" + value + "}";
          for (String method : List.of("POST", "PATCH")) {
            Answer answer = served.root(SentCall.of(method + " /v1/" + route.path)
                .with("Content-Type", "application/merge-patch+json")
                .body(body));
            String what = method + " " + route.path + " " + field + " "
                + value.substring(0, Math.min(20, value.length()));
            assertThat(answer.status()).as(what).isLessThan(500);
            assertThat(answer.body()).as(what).doesNotContain("\tat ", "java.", "Exception");
            tried++;
          }
        }
      }
    }
    assertThat(tried).isGreaterThan(2_000);
  }

  @Test
  @DisplayName("H-7 no value in a query is a failure of the vault")
  void read_withAnyValueInTheQuery_isNoServerError() {
    for (Route route : routes()) {
      for (String field : route.fields) {
        for (String value : List.of("", "-1", "1e99", "%00", "x", "1.5", "true&" + field + "=2")) {
          for (String method : List.of("GET", "LIST", "DELETE")) {
            String call = method + " /v1/" + route.path + "?" + field + "=" + value;
            assertThat(served.root(call).status()).as(call).isLessThan(500);
          }
        }
      }
    }
  }

  @Test
  @DisplayName("H-7 init of a new vault refuses what it cannot be")
  void init_withAnyValueInAnyField_isRefusedOrIgnored() {
    for (String field : List.of(
        "secret_shares",
        "secret_threshold",
        "pgp_keys",
        "root_token_pgp_key",
        "recovery_shares",
        "recovery_threshold",
        "stored_shares")) {
      for (String value :
          List.of("[1]", "{}", "true", "-1", "1e99", "\"x\"", "\"\\u0000\"", "256")) {
        try (Served fresh = Served.uninitialized()) {
          Map<String, String> members = new LinkedHashMap<>();
          members.put("secret_shares", "1");
          members.put("secret_threshold", "1");
          members.put(field, value);
          StringBuilder body = new StringBuilder("{");
          members.forEach((name, json) -> body.append(body.length() == 1 ? "" : ",")
              .append('"')
              .append(name)
              .append("\":")
              .append(json));
          Answer answer =
              fresh.send(SentCall.of("PUT /v1/sys/init").body(body.append('}').toString()));
          boolean ignored = field.equals("stored_shares");
          assertThat(answer.status()).as(body.toString()).isEqualTo(ignored ? 200 : 400);
          assertThat(fresh.send("GET /v1/sys/init").body())
              .isEqualTo("{\"initialized\":" + ignored + "}");
        }
      }
    }
  }

  @Test
  @DisplayName("H-16 a name with markup comes back inert")
  void write_ofANameWithMarkup_isEscapedWhereverItIsShown() {
    for (String call : List.of(
        "GET /v1/%3Cb%3E/x",
        "GET /v1/sys/mounts/%3Cb%3E",
        "DELETE /v1/kv/data/%3Cb%3E",
        "GET /v1/sys/internal/ui/mounts/%3Cb%3E",
        "PUT /v1/sys/policies/acl/%3Cb%3E")) {
      assertThat(served.root(call).body()).as(call).doesNotContain("<");
    }
  }

  @Test
  @DisplayName("H-17 where the marker is demanded, no path does without")
  void marker_demandedButMissing_is412OnEveryPath() {
    List<Route> routes = routes();
    try (Served strict = new Served(HttpOptions.DEFAULT.withRequestHeaderNeeded(true))) {
      for (Route route : routes) {
        for (String method : METHODS) {
          assertThat(strict.root(method + " /v1/" + route.path).status())
              .as("%s %s", method, route.path)
              .isEqualTo(412);
        }
      }
      for (String value : Arrays.asList("", "1", "TRUE", "true,true")) {
        assertThat(strict
                .root(SentCall.of("GET /v1/sys/mounts").with("X-Vault-Request", value))
                .status())
            .isEqualTo(412);
      }
    }
  }

  @Test
  void help_ofAPathOfTheHost_doesNothingThere() {
    try (Served fresh = Served.uninitialized()) {
      assertThat(fresh
              .send(SentCall.of("PUT /v1/sys/init?help=1")
                  .body("{\"secret_shares\":1,\"secret_threshold\":1}"))
              .status())
          .isEqualTo(503);
      assertThat(fresh.send("GET /v1/sys/init").body()).isEqualTo("{\"initialized\":false}");
    }
    assertThat(served.send("GET /v1/sys/health?help=1").status()).isEqualTo(403);
    assertThat(served.root("GET /v1/sys/health?help=1").status()).isEqualTo(404);
    assertThat(served.root("POST /v1/sys/seal?help=1").status()).isEqualTo(200);
    assertThat(served.vault().sealStatus().sealed()).isFalse();
  }
}
