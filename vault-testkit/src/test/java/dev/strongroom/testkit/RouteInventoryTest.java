package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultBuilder;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who reaches which route is data: lists of operations and paths beside this test, which only a
 * deliberate change of them lets grow. Routes are those that the help of the mounts names.
 */
class RouteInventoryTest {
  private final InMemoryVault vault = open(builder -> {});

  private static InMemoryVault open(Consumer<VaultBuilder> more) {
    return Vault.inMemory(builder -> {
      builder
          .mount("kv1", Kv.version1())
          .mount("kv2", Kv.version2())
          .mount("database", DatabaseSecrets.postgresql())
          .auth("userpass", UserPass.method())
          .auth("approle", AppRole.method())
          .auth("kubernetes", KubernetesAuth.method());
      more.accept(builder);
    });
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  void routesWithoutToken_areThoseOfTheList() {
    assertThat(openRoutes(vault.root())).isEqualTo(listed("routes-without-token.txt"));
  }

  @Test
  void routesWithoutToken_withOlderCeremonies_areThoseOfTheOtherList() {
    try (InMemoryVault other = open(VaultBuilder::allowCeremoniesWithoutToken)) {
      Set<String> more = new TreeSet<>(openRoutes(other.root()));
      more.removeAll(openRoutes(vault.root()));
      assertThat(more).isEqualTo(listed("routes-without-token-of-older-ceremonies.txt"));
      assertNothingElseAnswers(other);
    }
  }

  @Test
  void requestWithoutToken_isAnsweredOnTheListedRoutesOnly() {
    assertNothingElseAnswers(vault);
  }

  private static Set<String> openRoutes(Session root) {
    return lines(DescribedRoute.all(root).stream().filter(DescribedRoute::isOpen));
  }

  /** What no route declares is asked as well, and so are paths that no route has. */
  private static void assertNothingElseAnswers(InMemoryVault vault) {
    Set<String> open = openRoutes(vault.root());
    Set<String> answered = new TreeSet<>();
    Session nobody = vault.vault().sessionWithoutToken();
    for (DescribedRoute route : DescribedRoute.all(vault.root())) {
      for (Operation operation : Operation.values()) {
        Response response = ask(nobody, operation, route.pathWith("sample"), Map.of());
        boolean declared = route.operations().contains(operation)
            || (operation == Operation.CREATE && route.operations().contains(Operation.UPDATE));
        if (route.isOpen() && !declared) {
          assertThat(response.failure().orElseThrow())
              .isIn(ErrorCode.UNSUPPORTED, ErrorCode.PERMISSION_DENIED);
        } else if (!response
            .failure()
            .filter(ErrorCode.PERMISSION_DENIED::equals)
            .isPresent()) {
          answered.add(line(operation == Operation.CREATE ? Operation.UPDATE : operation, route));
        }
      }
    }
    assertThat(open).containsAll(answered);
    for (String path : List.of("sys/nothing", "nothing/here", "auth/token/nothing", "kv2")) {
      for (Operation operation : Operation.values()) {
        assertThat(ask(nobody, operation, path, Map.of()).failure())
            .as("%s %s", operation, path)
            .contains(ErrorCode.PERMISSION_DENIED);
      }
    }
  }

  @Test
  void routesThatNeedSudo_areThoseOfTheList() {
    assertThat(lines(DescribedRoute.all(vault.root()).stream().filter(DescribedRoute::needsSudo)))
        .isEqualTo(listed("routes-with-sudo.txt"));
  }

  /** Every capability on every path, but for sudo. */
  @Test
  void routesThatNeedSudo_withoutIt_areDenied() {
    Policies.of(vault.root()).put("most", """
        path "*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "scan"] }
        """);
    for (DescribedRoute route : DescribedRoute.all(vault.root())) {
      for (Operation operation : route.operations()) {
        boolean allowed = Policies.of(vault.root())
            .explainForPolicies(List.of("most"), operation, route.pathWith("sample"), Map.of())
            .isAllowed();
        assertThat(allowed).as(line(operation, route)).isEqualTo(!route.needsSudo());
      }
    }
  }

  /** Rules of the built-in policy reach no new route by accident. */
  @Test
  void routesOfEveryToken_areThoseOfTheList() {
    Set<String> reached = new TreeSet<>();
    for (DescribedRoute route : DescribedRoute.all(vault.root())) {
      for (Operation operation : route.operations()) {
        if (!route.isOpen()
            && Policies.of(vault.root())
                .explainForPolicies(
                    List.of("default"), operation, route.pathWith("sample"), Map.of())
                .isAllowed()) {
          reached.add(line(operation, route));
        }
      }
    }
    assertThat(reached).isEqualTo(listed("routes-of-every-token.txt"));
  }

  private static Response ask(
      Session session, Operation operation, String path, Map<String, ?> members) {
    return session.request(Request.of(operation, VaultPath.parse(path), Payload.of(members)));
  }

  private static Set<String> lines(Stream<DescribedRoute> routes) {
    return routes
        .flatMap(route -> route.operations().stream().map(operation -> line(operation, route)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String line(Operation operation, DescribedRoute route) {
    return operation + " " + route.pattern();
  }

  private static Set<String> listed(String file) {
    try (InputStream in =
        Objects.requireNonNull(RouteInventoryTest.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
