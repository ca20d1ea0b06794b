package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.auth.k8s.KubernetesAuth;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.dbsecrets.DatabaseSecrets;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.VaultHttpHandler;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recorded conversations of the reference's command line with its server, carried on with ours:
 * same status, same members, same values, same texts.
 */
class TranscriptsTest {
  /** What differs on purpose, by step: the docs of differences say why. */
  private static final Map<String, String> DIFFERENT = Map.ofEntries(
      Map.entry("list-mounts", "the vault's own mounts are sealed and kept as all others are"),
      Map.entry("enable-versioning", "the reference says version 0, and means 2"),
      Map.entry("enable-versioning-api", "the reference says version 0, and means 2"),
      Map.entry("kv-bad-json", "a text of its JSON library"),
      Map.entry("policy-bad-capability", "line and column are told, too"),
      Map.entry("unseal-bad-key", "the end is a text of its crypto library"),
      Map.entry("wrong-path", "the path of a mount itself is no path of its engine"),
      Map.entry("db-bad-duration", "a text of its duration parser"),
      Map.entry(
          "db-config-literal-password", "the reference calls its own parameters unrecognized"),
      Map.entry("db-config-unreachable", "a text of its driver"),
      Map.entry("db-config-wrong-password", "a text of its driver"));

  /** Before these the recording waited until something had expired. */
  private static final Set<String> AFTER_A_WHILE = Set.of("token-expired", "lease-expired-renew");

  /** What says which server it is. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("build_date", "commit_date", "running_plugin_version", "storage_type");

  private static final String FRESH_SERVER = "not-initialised";

  private static TestPostgres postgres;

  private final VirtualTime time = VirtualTime.at(Instant.now()); // the database's
  private final Placeholders placeholders = new Placeholders();

  /** The server of the conversations. */
  @BeforeAll
  static void startDatabase() {
    postgres = TestPostgres.create();
    postgres.execute(
        "CREATE ROLE root SUPERUSER LOGIN PASSWORD 'rootpassword'", "CREATE DATABASE mydb");
  }

  @AfterAll
  static void stopDatabase() {
    postgres.execute("DROP DATABASE mydb WITH (FORCE)", "DROP ROLE root");
    postgres.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"guide", "kv-v2", "mistakes"})
  void conversation_everyRequest_isAnsweredAsRecorded(String name) throws IOException {
    List<?> steps = (List<?>) read(name).get("steps");
    Map<String, String> differences = new LinkedHashMap<>();
    Set<String> expected = new TreeSet<>();
    placeholders.bind("<pg-host>", postgres.host() + ":" + postgres.port());
    placeholders.bind("<unknown-token>", "s.AAAAAAAAAAAAAAAAAAAAAAAA");
    Vault vault = newVault();
    try (RecordedCluster cluster = new RecordedCluster(time, placeholders)) {
      openAsDevServer(vault);
      for (Object each : steps) {
        Map<?, ?> step = (Map<?, ?>) each;
        String id = (String) step.get("id");
        if (id.equals(FRESH_SERVER)) {
          vault.close();
          vault = newVault();
        }
        if (AFTER_A_WHILE.contains(id)) {
          time.advance(Duration.ofSeconds(10));
        }
        cluster.before(id);
        if (step.get("http") instanceof List) {
          converse(vault, step).ifPresent(found -> differences.put(id, found));
          if (DIFFERENT.containsKey(id)) {
            expected.add(id);
          }
        }
      }
    } finally {
      vault.close();
    }
    assertThat(differences.keySet()).as(differences.toString()).isEqualTo(expected);
  }

  private Optional<String> converse(Vault vault, Map<?, ?> step) {
    VaultHttpHandler handler = VaultHttpHandler.of(vault, HttpOptions.DEFAULT.withClock(time));
    List<String> found = new ArrayList<>();
    for (Object each : (List<?>) step.get("http")) {
      Map<?, ?> recorded = (Map<?, ?>) each;
      time.advance(Duration.ofMillis(1));
      if (String.valueOf(recorded.get("request")).contains("<bad-unseal-key>")) {
        placeholders.bind(
            "<bad-unseal-key>", damaged(placeholders.value("<unseal-key-3>").orElseThrow()));
      }
      HttpAnswer answer = call(recorded).send(handler, null);
      difference(recorded, answer)
          .ifPresent(text -> found.add(recorded.get("method") + " " + recorded.get("path") + text));
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", found));
  }

  private HttpStep call(Map<?, ?> recorded) {
    Map<String, @Nullable Object> step = new LinkedHashMap<>();
    step.put("method", recorded.get("method"));
    step.put("path", ((String) placeholders.filled(recorded.get("path"))));
    step.put("headers", placeholders.filled(recorded.get("headers")));
    Object body = placeholders.filled(recorded.get("request"));
    if (body instanceof Map) {
      step.put("body", body);
    } else if (body != null) {
      step.put("raw_body", body);
    }
    return HttpStep.of(0, step);
  }

  private Optional<String> difference(Map<?, ?> recorded, HttpAnswer answer) {
    int status = ((Number) recorded.get("status")).intValue();
    if (status != answer.answer().status()) {
      return Optional.of("is " + answer + " instead of " + status);
    }
    Object expected = recorded.get("response");
    return expected == null
        ? answer.body().isEmpty() ? Optional.empty() : Optional.of("has the body " + answer.body())
        : placeholders.difference(
            " ", comparable(expected), comparable(answer.answer().body()));
  }

  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> kept = new LinkedHashMap<>();
      map.forEach((name, member) -> kept.put(name, comparable(member)));
      kept.keySet().removeAll(OF_THE_SERVER);
      return kept;
    }
    return value;
  }

  private Vault newVault() {
    return Vault.builder()
        .storage(InMemoryStorage.create())
        .time(time)
        .engine(Kv.engine())
        .engine(DatabaseSecrets.engine())
        .authMethod(KubernetesAuth.method(KubernetesOptions.DEFAULT.allowing(
            Relaxation.REASONS_IN_REFUSALS,
            Relaxation.ROLES_WITHOUT_AUDIENCE,
            Relaxation.ROLES_FOR_EVERY_ACCOUNT)))
        .open();
  }

  private void openAsDevServer(Vault vault) {
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      placeholders.bind("<root-token>", keys.rootToken().exposeText());
      vault
          .session(keys.rootToken())
          .request(Request.write(
              "sys/mounts/secret",
              Map.of(
                  "type", "kv",
                  "description", "key/value secret storage",
                  "options", Map.of("version", "2"))))
          .orThrow();
    }
  }

  private static String damaged(String share) {
    byte[] bytes = Base64.getDecoder().decode(share);
    bytes[0] ^= 1;
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Map<String, ?> read(String name) throws IOException {
    try (InputStream in =
        TranscriptsTest.class.getResourceAsStream("transcript-" + name + ".json")) {
      return Payload.parse(in.readAllBytes()).toMap();
    }
  }
}
