package dev.strongroom.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Runs the clients that people have against a served vault of their own each, and compares what
 * came out with {@code docs/compatibility.md}.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExistingClientsTest {
  private static final Path CHECKED_IN = Path.of("..", "docs", "compatibility.md");
  private static final Path WRITTEN = Path.of("target", "compatibility.md");
  private static final int CLIENTS = 4;

  private final CompatibilityTable table = CompatibilityTable.ofCalls();
  private ServedVault vault;

  ExistingClientsTest() throws IOException {}

  @BeforeEach
  void startVault() {
    vault = ServedVault.start();
  }

  @AfterEach
  void stopVault() {
    vault.close();
  }

  @Order(1)
  @TestFactory
  Stream<DynamicTest> springVault() {
    return inOrder(SpringVaultChecks.CLIENT, new SpringVaultChecks(vault).checks());
  }

  @Order(2)
  @TestFactory
  Stream<DynamicTest> vaultJavaDriver() {
    return inOrder(VaultJavaDriverChecks.CLIENT, new VaultJavaDriverChecks(vault).checks());
  }

  @Order(3)
  @TestFactory
  Stream<DynamicTest> hvac() throws IOException, InterruptedException {
    return asTold(ScriptedClient.hvac());
  }

  @Order(4)
  @TestFactory
  Stream<DynamicTest> nodeVault() throws IOException, InterruptedException {
    return asTold(ScriptedClient.nodeVault());
  }

  private Stream<DynamicTest> inOrder(Client client, List<Check> checks) {
    return checks.stream()
        .map(check -> DynamicTest.dynamicTest(check.call(), () -> {
          boolean failed = true;
          try {
            check.body().execute();
            failed = false;
          } finally {
            table.record(client, check, failed);
          }
        }));
  }

  private Stream<DynamicTest> asTold(ScriptedClient client)
      throws IOException, InterruptedException {
    ScriptedClient.Report report = client.run(vault);
    report.lines().forEach(told -> table.record(told.client(), told.check(), told.failed()));
    Stream<DynamicTest> checks = report.lines().stream()
        .map(told -> DynamicTest.dynamicTest(told.check().call(), told.check().body()));
    DynamicTest end =
        DynamicTest.dynamicTest("the script ends", () -> assertThat(report.end().exitCode())
            .as(String.join("\n", report.end().errors()))
            .isZero());
    return Stream.concat(checks, Stream.of(end));
  }

  @Order(5)
  @Test
  void compatibilityPage_ofTheClientsThatRan_isCheckedIn() throws IOException {
    assumeTrue(!table.clients().isEmpty(), "no client has run");
    Files.writeString(WRITTEN, table.toMarkdown());
    List<String> ran = table.clients().stream().map(Client::name).toList();
    if (ran.size() == CLIENTS) {
      assertThat(table.unseen()).as("lines of calls.txt that no client makes").isEmpty();
    }
    CompatibilityPage seen = new CompatibilityPage(ran);
    assertThat(seen.of(Files.readString(WRITTEN)))
        .as("docs/compatibility.md; if this is right now, run: "
            + "cp client-tests/target/compatibility.md docs/")
        .isEqualTo(seen.of(Files.readString(CHECKED_IN)));
  }
}
