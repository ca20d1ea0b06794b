package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Metric;
import dev.strongroom.VaultMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/metrics.md} says what there is, and nothing else. */
class MetricNamesTest {
  private static final Set<String> OPERATIONS =
      Set.of("read", "create", "update", "patch", "delete", "list", "scan");

  @Test
  void all_ofAVaultAtWork_areThoseOfTheTable() {
    try (Served served = new Served(HttpOptions.DEFAULT, /* audited= */ true)) {
      served.root("POST /v1/auth/token/create");
      served.root("GET /v1/sys/metrics");
      served.time().advance(Duration.ofMinutes(10));
      assertThat(rows(served.vault().metrics())).isEqualTo(documented());
      served.vault().seal();
      assertThat(documented()).containsAll(rows(served.vault().metrics()));
    }
  }

  @Test
  void ofRoutes_afterRequests_areUnderTheirMountAndOperation() {
    try (Served served = new Served()) {
      served.root(SentCall.of("PUT /v1/kv/data/a").body("{\"data\":{}}"));
      served.root(SentCall.of("PUT /v1/kv/data/a").body("{\"data\":{}}"));
      served.root("GET /v1/kv/data/a");
      served.root("LIST /v1/kv/metadata/");
      String token = served.tokenWith("path \"kv/*\" { capabilities = [\"list\"] }");
      served.send(SentCall.of("GET /v1/kv/data/a").with("X-Vault-Token", token));
      served.send("GET /v1/kv/data/a");
      served.root("HELP /v1/kv/data/a");
      String text = served.root("GET /v1/sys/metrics?format=prometheus").body();
      assertThat(text.lines())
          .contains(
              "vault_route_create_kv__count{mount_point=\"kv/\"} 1",
              "vault_route_update_kv__count{mount_point=\"kv/\"} 1",
              "vault_route_read_kv__count{mount_point=\"kv/\"} 1",
              "vault_route_list_kv__count{mount_point=\"kv/\"} 1",
              "# TYPE vault_route_read_kv_ summary")
          .noneMatch(line -> line.contains("route_help"));
    }
  }

  @Test
  void ofRoutes_ofMountsOfLikeNames_comeTogether() {
    try (Served served = new Served()) {
      for (String mount : List.of("a-b", "a_b", "a.b")) {
        served.root(SentCall.of("PUT /v1/sys/mounts/" + mount).body("{\"type\":\"kv\"}"));
        served.root("LIST /v1/" + mount + "/");
      }
      String text = served.root("GET /v1/sys/metrics?format=prometheus").body();
      assertThat(text.lines().filter(line -> line.startsWith("# TYPE vault_route_list_a_b_ ")))
          .hasSize(1);
      assertThat(text.lines().filter(line -> line.startsWith("vault_route_list_a_b__count{")))
          .hasSize(3);
      served.root("DELETE /v1/sys/mounts/a.b");
      assertThat(served.root("GET /v1/sys/metrics").body())
          .contains("\"vault.route.list.a-b-\"")
          .doesNotContain("a.b");
    }
  }

  private static Set<String> rows(VaultMetrics metrics) {
    return metrics.all().stream()
        .map(metric -> "| `" + documentedName(metric.name()) + "` | "
            + metric.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " | "
            + labels(metric) + " | " + metric.help() + " |")
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String labels(Metric metric) {
    List<String> order = List.of("type", "local", "mount_point", "token_type");
    assertThat(order).containsAll(metric.labels().keySet());
    return order.stream()
        .filter(metric.labels()::containsKey)
        .map(label -> "`" + label + "`")
        .collect(Collectors.joining(", "));
  }

  private static String documentedName(String name) {
    String route = "vault.route.";
    if (!name.startsWith(route)) {
      return name;
    }
    assertThat(OPERATIONS)
        .contains(name.substring(route.length(), name.indexOf('.', route.length())));
    return route + "{operation}.{mount}";
  }

  private static Set<String> documented() {
    try (var lines = Files.lines(docs().resolve("metrics.md"))) {
      return lines
          .filter(line -> line.startsWith("| `"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path docs() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/metrics.md"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs");
  }
}
