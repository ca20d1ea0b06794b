package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.token.Bearer;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the audit trail, and that nothing happens without it. */
class AuditTrailTest {
  private static final String CANARY = "CANARY-7f3a";

  @TempDir
  private Path folder;

  private final AuditSwitch failing = new AuditSwitch();
  private Path file;
  private InMemoryVault vault;

  @BeforeEach
  void open() {
    file = folder.resolve("audit.log");
    vault = Vault.inMemory(builder -> builder
        .mount("notes", Mount.of(new NotesEngine()))
        .audit("file", FileAudit.appendTo(file))
        .audit("failing", failing));
    failing.stop();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private List<Map<String, Object>> records() {
    return recordsOf(file).stream().filter(r -> !isAboutTheChain(r)).toList();
  }

  private static List<Map<String, Object>> recordsOf(Path from) {
    try {
      return Files.readAllLines(from).stream()
          .<Map<String, Object>>map(line -> Payload.parse(line).toMap())
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isAboutTheChain(Map<String, Object> members) {
    return List.of("chain", "checkpoint").contains(members.get("type"));
  }

  private static @org.jspecify.annotations.Nullable Object at(
      Map<String, Object> members, String path) {
    Object value = members;
    for (String name : path.split("/", 10)) {
      value = ((Map<?, ?>) value).get(name);
      if (value == null) {
        return null;
      }
    }
    return value;
  }

  /** Returns the two records of a request. */
  private List<Map<String, Object>> trailOf(Session session, Request request) {
    int before = records().size();
    session.request(request);
    return records().subList(before, records().size());
  }

  private String trail() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void write_hasTwoRecordsWithTheMembersOfTheReference() {
    List<Map<String, Object>> trail =
        trailOf(vault.root(), Request.write("notes/a", Map.of("text", CANARY)));
    assertThat(trail).hasSize(2);
    Map<String, Object> request = trail.get(0);
    assertThat(request.keySet()).containsExactly("time", "type", "auth", "request", "chain");
    assertThat(request).containsEntry("type", "request");
    assertThat(at(request, "request/operation")).isIn("create", "update");
    assertThat(at(request, "request/mount_point")).isEqualTo("notes/");
    assertThat(at(request, "request/mount_type")).isEqualTo("notes");
    assertThat(at(request, "request/mount_class")).isEqualTo("secret");
    assertThat(at(request, "request/namespace/id")).isEqualTo("root");
    assertThat(at(request, "request/path")).isEqualTo("notes/a");
    assertThat((String) at(request, "request/data/text")).matches("hmac-sha256:[0-9a-f]{64}");
    assertThat(at(request, "auth/display_name")).isEqualTo("root");
    assertThat(at(request, "auth/policies")).isEqualTo(List.of("root"));
    assertThat(at(request, "auth/policy_results/allowed")).isEqualTo(true);
    assertThat(at(request, "auth/policy_results/granting_policies"))
        .isEqualTo(List.of(Map.of("name", "root", "namespace_id", "root", "type", "acl")));
    assertThat(at(request, "auth/token_type")).isEqualTo("service");
    assertThat(at(request, "auth/client_token"))
        .isEqualTo(at(request, "request/client_token"))
        .asString()
        .startsWith("hmac-sha256:");
    Map<String, Object> response = trail.get(1);
    assertThat(response).containsEntry("type", "response").doesNotContainKey("error");
    assertThat(at(response, "request/id")).isEqualTo(at(request, "request/id"));
    assertThat(trail()).doesNotContain(CANARY);
  }

  @Test
  void valuesThatAreFoundInTheirOwnHashes_costOneHashEach() {
    // Hashes in the place of values must not be searched for values: the text would have no end.
    Map<String, Object> members = new java.util.TreeMap<>();
    for (int i = 0; i < 9_000; i++) {
      members.put("f" + i, String.format("%04x", i));
    }
    members.put("g", "ignored");
    List<Map<String, Object>> trail =
        trailOf(vault.root(), Request.write("sys/tools/hash", members));
    assertThat(trail).hasSize(2);
    assertThat(trail.toString()).doesNotContain("ignored these");

    String names = "'abcd'".repeat(100);
    Map<String, Object> quoting = Map.of(names, "xabcdx", "input", "YQ==");
    trail = trailOf(vault.root(), Request.write("sys/tools/hash", quoting));
    assertThat(at(trail.get(1), "response/warnings").toString()).startsWith("[hmac-sha256:");
  }

  @Test
  void lookups_areNotFormedByAnyText() {
    List<Map<String, Object>> trail = trailOf(vault.root(), Request.read("notes/${jndi:ldap:x}"));
    assertThat(at(trail.get(0), "request/path")).isEqualTo("notes/${jndi:ldap:x}");
    assertThat(trail()).doesNotContain("${");
  }

  @Test
  void response_tellsTheIdOfItsRequest() {
    Response response = vault.root().request(Request.read("sys/mounts"));
    assertThat(response.requestId().orElseThrow())
        .hasToString((String) at(records().get(records().size() - 1), "request/id"));
  }

  @Test
  void everyOutcome_hasTwoRecords() {
    ClientToken weak = vault
        .root()
        .request(Request.write("auth/token/create", Map.of("policies", List.of("default"))))
        .auth()
        .flatMap(auth -> auth.token())
        .orElseThrow();
    Map<Request, String> outcomes = Map.of(
        Request.read("notes/none"), "",
        Request.read("nothing/here"), "NOT_FOUND",
        Request.delete("sys/mounts"), "UNSUPPORTED",
        Request.write("sys/policies/acl/p", Map.of("policy", "path {" + CANARY)), "INVALID_REQUEST",
        Request.help("sys/mounts"), "",
        Request.list("notes/"), "");
    outcomes.forEach((request, error) -> {
      List<Map<String, Object>> trail = trailOf(vault.root(), request);
      assertThat(trail).as("%s", request).hasSize(2);
      assertThat(String.valueOf(trail.get(1).getOrDefault("error", "")))
          .as("%s", request)
          .startsWith(error);
    });
    List<Map<String, Object>> denied =
        trailOf(vault.vault().session(weak), Request.read("notes/a"));
    assertThat(denied).hasSize(2).allSatisfy(record -> {
      assertThat(record).containsEntry("error", "PERMISSION_DENIED: permission denied");
      assertThat(at(record, "auth/policy_results/allowed")).isEqualTo(false);
    });
    Session stranger = vault.vault().session(ClientToken.parse("s." + CANARY));
    List<Map<String, Object>> unknown = trailOf(stranger, Request.read("notes/a"));
    assertThat(unknown).hasSize(2).allSatisfy(record -> {
      assertThat(record).doesNotContainKey("auth");
      assertThat((String) at(record, "request/client_token")).startsWith("hmac-sha256:");
    });
    assertThat(trail()).doesNotContain(CANARY).doesNotContain(weak.exposeText());
  }

  @Test
  void issuedToken_showsHashedInTheResponse() {
    List<Map<String, Object>> trail = trailOf(
        vault.root(), Request.write("auth/token/create", Map.of("meta", Map.of("team", "ops"))));
    Map<String, Object> response = trail.get(1);
    assertThat((String) at(response, "response/auth/client_token")).startsWith("hmac-sha256:");
    assertThat((String) at(response, "response/auth/accessor")).startsWith("hmac-sha256:");
    assertThat(at(response, "response/auth/policies")).isEqualTo(List.of("root"));
  }

  @Test
  void numbersTimesAndNames_areInTheClear() {
    Map<String, ?> data = Map.of(
        "text",
        "2026-01-02T03:04:05Z",
        "big",
        new java.math.BigInteger("12345678901234567890123"),
        "nested",
        Map.of("deep", List.of(CANARY, 1, true)));
    Map<String, Object> request =
        trailOf(vault.root(), Request.write("notes/a", data)).get(0);
    assertThat(at(request, "request/data/text")).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(trail()).contains("\"big\":12345678901234567890123").doesNotContain(CANARY);
    assertThat((List<?>) at(request, "request/data/nested/deep")).hasSize(3);
  }

  @Test
  void tunedKeys_areShownByTheNearestName() {
    vault
        .root()
        .request(Request.write(
            "sys/mounts/notes/tune", Map.of("audit_non_hmac_request_keys", "foo,text")))
        .orThrow();
    Map<String, ?> data = Map.of(
        "text", "shown", "foo", Map.of("bar", "hidden"), "list", Map.of("foo", List.of("shown")));
    Map<String, Object> request =
        trailOf(vault.root(), Request.write("notes/a", data)).get(0);
    assertThat(at(request, "request/data/text")).isEqualTo("shown");
    assertThat(at(request, "request/data/list/foo")).isEqualTo(List.of("shown"));
    assertThat((String) at(request, "request/data/foo/bar")).startsWith("hmac-sha256:");
    assertThat(vault
            .root()
            .request(Request.read("sys/mounts/notes/tune"))
            .dataOrEmpty()
            .toMap())
        .containsEntry("audit_non_hmac_request_keys", List.of("foo", "text"));
  }

  @Test
  void origin_showsAddressAndTheHeadersThatAreAudited() throws IOException {
    Session root = vault.root();
    root.request(Request.write("sys/config/auditing/request-headers/X-Team", Map.of("hmac", false)))
        .orThrow();
    root.request(Request.write("sys/config/auditing/request-headers/x-trace", Map.of()))
        .orThrow();
    Origin origin = new Origin(
        InetAddress.getByName("192.0.2.7"),
        50123,
        Map.of(
            "X-TEAM",
            List.of("ops\n\u001b[31m"),
            "X-Trace",
            List.of(CANARY),
            "Other",
            List.of("no")));
    Map<String, Object> request =
        trailOf(root, Request.read("sys/mounts").from(origin)).get(0);
    assertThat(at(request, "request/remote_address")).isEqualTo("192.0.2.7");
    assertThat(at(request, "request/remote_port")).isEqualTo(50123);
    Map<?, ?> headers = (Map<?, ?>) at(request, "request/headers");
    assertThat(headers.keySet()).hasToString("[x-team, x-trace]");
    assertThat(headers.get("x-team")).isEqualTo(List.of("ops\n\u001b[31m"));
    assertThat(String.valueOf(headers.get("x-trace"))).startsWith("[hmac-sha256:");
    assertThat(trail()).doesNotContain("\u001b").doesNotContain(CANARY);
  }

  @Test
  void headerOfCredentials_inTheClear_isRefused() {
    for (String name : List.of("authorization", "X-VAULT-Token", "cookie", "x-api-key")) {
      Response response = vault
          .root()
          .request(Request.write(
              "sys/config/auditing/request-headers/" + name, Map.of("hmac", "false")));
      assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    }
    assertThat(vault
            .root()
            .request(Request.read("sys/config/auditing/request-headers"))
            .dataOrEmpty()
            .toMap())
        .containsEntry("headers", Map.of());
    assertThat(vault
            .root()
            .request(Request.read("sys/config/auditing/request-headers/x"))
            .errors())
        .containsExactly("Could not find header in config");
  }

  @Test
  void elidedList_showsHowManyThereAre() {
    InMemoryVault other = Vault.inMemory(builder -> builder
        .mount("notes", Mount.of(new NotesEngine()))
        .audit(
            "short",
            FileAudit.appendTo(folder.resolve("short.log"))
                .withFormat(
                    f -> new dev.strongroom.spi.AuditFormat(false, true, false, "@cee: "))));
    try (other) {
      other.root().request(Request.write("notes/a", Map.of("text", "x"))).orThrow();
      other.root().request(Request.write("notes/b", Map.of("text", "x"))).orThrow();
      other.root().request(Request.list("notes/")).orThrow();
    }
    Path log = folder.resolve("short.log");
    assertThat(AuditLog.verify(log)).matches(AuditVerification::isIntact);
    assertThat(log).content().contains("\"data\":{\"keys\":2}").doesNotContain("accessor\":\"hmac");
    assertThat(linesOf(log)).allMatch(line -> line.startsWith("@cee: {\"time\":"));
  }

  private static List<String> linesOf(Path log) {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void verbsOfTheHost_areRecorded() {
    vault.vault().snapshot(folder.resolve("copy"));
    vault.vault().seal();
    assertThat(records().stream()
            .filter(record -> "host".equals(at(record, "auth/display_name")))
            .map(record -> record.get("type") + " " + at(record, "request/path")))
        .containsExactly(
            "request sys/storage/snapshot",
            "response sys/storage/snapshot",
            "request sys/seal",
            "response sys/seal");
  }

  @Test
  void sealByARequest_hasItsResponseAndTheTrailIsClosed() {
    List<Map<String, Object>> trail = trailOf(vault.root(), Request.write("sys/seal", Map.of()));
    assertThat(trail).hasSize(2);
    assertThat(AuditLog.verify(file))
        .isInstanceOfSatisfying(
            AuditVerification.Intact.class,
            intact -> assertThat(intact.isWhole()).isTrue());
    assertThat(vault.root().request(Request.read("sys/mounts")).failure())
        .contains(ErrorCode.SEALED);
  }

  @Test
  void listening_hasTwoRecords() {
    int before = records().size();
    vault.root().onChange("notes/a", change -> {}).close();
    assertThat(records()).hasSize(before + 2);
    assertThat(at(records().get(before), "request/path")).isEqualTo("notes/a");
    Session stranger = vault.vault().session(ClientToken.parse("s.nobody"));
    assertThatThrownBy(() -> stranger.onChange("notes/a", change -> {}))
        .isInstanceOf(VaultException.class)
        .hasMessage("permission denied");
    assertThat(records()).hasSize(before + 4);
    assertThat(records().get(before + 3))
        .containsEntry("error", "PERMISSION_DENIED: permission denied");
  }

  @Test
  void listening_afterALogin_hasTwoRecords() {
    Path log = folder.resolve("logins.log");
    try (InMemoryVault other = Vault.inMemory(builder -> builder
        .mount("notes", Mount.of(new NotesEngine()))
        .auth("house", new TrustingMethod())
        .audit("file", FileAudit.appendTo(log)))) {
      Policies.of(other.root()).put("reader", "path \"notes/*\" { capabilities = [\"read\"] }");
      try (Session ann = other
          .vault()
          .login(() -> Request.write("auth/house/login/ann", Map.of("token_policies", "reader")))) {
        int before = recordsOf(log).size();
        ann.onChange("notes/a", change -> {}).close();
        assertThat(recordsOf(log).subList(before, recordsOf(log).size()))
            .hasSize(2)
            .allSatisfy(r -> assertThat(at(r, "request/path")).isEqualTo("notes/a"));
      }
    }
  }

  /** Sessions renew and revoke their tokens by themselves, and the trail knows of which. */
  @Test
  void renewalAndEndOfATokenInside_haveTheirRecords() {
    Path log = folder.resolve("sessions.log");
    try (InMemoryVault other = Vault.inMemory(builder -> builder
        .auth("house", new TrustingMethod())
        .host("billing", Policy.of("billing", "path \"a\" { capabilities = [\"read\"] }"))
        .audit("file", FileAudit.appendTo(log)))) {
      assertRecorded(log, other, Duration.ofMinutes(30), other.vault().hostSession("billing"));
      Login ann = () -> Request.write("auth/house/login/ann", Map.of("token_ttl", "30m"));
      assertRecorded(log, other, Duration.ofMinutes(20), other.vault().login(ann));
    }
  }

  private static void assertRecorded(
      Path log, InMemoryVault of, Duration untilRenewal, Session session) {
    Object accessor =
        at(trailOf(log, () -> session.request(Request.read("a"))).get(0), "auth/accessor");
    assertThat(trailOf(log, () -> of.time().advance(untilRenewal)))
        .hasSize(2)
        .allSatisfy(record -> assertAbout("auth/token/renew-accessor", accessor, record));
    assertThat(trailOf(log, session::close))
        .hasSize(2)
        .allSatisfy(record -> assertAbout("auth/token/revoke-accessor", accessor, record));
  }

  private static List<Map<String, Object>> trailOf(Path log, Runnable work) {
    int before = recordsOf(log).size();
    work.run();
    List<Map<String, Object>> after = recordsOf(log);
    return after.subList(before, after.size()).stream()
        .filter(r -> !isAboutTheChain(r))
        .toList();
  }

  private static void assertAbout(String path, Object accessor, Map<String, Object> record) {
    assertThat(at(record, "request/path")).isEqualTo(path);
    assertThat(at(record, "request/data/accessor")).isEqualTo(accessor);
    assertThat(at(record, "auth/display_name")).isEqualTo("host");
    assertThat(record).doesNotContainKey("error");
  }

  @Nested
  class WhenNoDeviceTakesRecords {
    private final AuditSwitch device = new AuditSwitch();
    private final InMemoryVault other = Vault.inMemory(
        builder -> builder.mount("notes", Mount.of(new NotesEngine())).audit("only", device));

    @AfterEach
    void close() {
      other.close();
    }

    private Response read(String path) {
      return other.root().request(Request.read(path));
    }

    @Test
    void request_isNotExecuted() {
      device.stop();
      Response response = other.root().request(Request.write("notes/a", Map.of("text", "x")));
      assertThat(response.failure()).contains(ErrorCode.AUDIT_FAILED);
      assertThat(response.errors()).containsExactly("internal error");
      device.go();
      other.time().advance(Duration.ofSeconds(1));
      assertThat(read("notes/a").failure()).contains(ErrorCode.NOT_FOUND);
    }

    @ParameterizedTest(name = "a device that takes {0} more records")
    @ValueSource(ints = {0, 1})
    void endOfATokenInside_isNotHeldUp(int records) {
      ClientToken token =
          Tokens.of(other.root()).create(TokenRequest.of("default")).token().orElseThrow();
      device.stopAfter(records);
      other.vault().revokeQuietly(token, "a test");
      device.go();
      other.time().advance(Duration.ofSeconds(1));
      assertThat(other.vault().identify(new Bearer(token))).isEmpty();
    }

    @Test
    void response_isNotSeenButTheChangeStands() {
      device.stopAfter(1);
      Response response = other.root().request(Request.write("notes/a", Map.of("text", CANARY)));
      assertThat(response.failure()).contains(ErrorCode.AUDIT_FAILED);
      device.go();
      other.time().advance(Duration.ofSeconds(1));
      assertThat(read("notes/a").data().flatMap(data -> data.text("text"))).contains(CANARY);
      device.stopAfter(1);
      Response secret = read("notes/a");
      assertThat(secret.failure()).contains(ErrorCode.AUDIT_FAILED);
      assertThat(secret.data()).isEmpty();
    }

    @Test
    void status_tellsSinceWhenAndWhy() {
      assertThat(other.vault().auditStatus()).allMatch(AuditDeviceStatus::works);
      device.stop();
      read("notes/a");
      AuditDeviceStatus status = other.vault().auditStatus().get(0);
      assertThat(status.failure()).contains("stopped");
      assertThat(status.since()).isEqualTo(other.time().instant());
    }

    @Test
    void seal_isDoneAllTheSame() {
      device.stop();
      other.vault().seal();
      assertThat(other.vault().sealStatus().sealed()).isTrue();
    }

    @Test
    void deviceThatThrowsAnything_countsAsFailed() {
      device.throwing(new AssertionError(CANARY));
      assertThat(read("notes/a").failure()).contains(ErrorCode.AUDIT_FAILED);
      assertThat(other.vault().auditStatus().get(0).failure()).contains("java.lang.AssertionError");
      other.time().advance(Duration.ofSeconds(2));
      device.throwing(new java.io.IOError(new IOException(CANARY)));
      assertThat(read("notes/a").failure()).contains(ErrorCode.AUDIT_FAILED);
      assertThat(other.vault().auditStatus().get(0).failure()).contains("java.io.IOError");
    }
  }

  @Test
  void oneDeviceThatWorks_isEnough() {
    assertThat(vault.vault().auditStatus())
        .extracting(AuditDeviceStatus::name, AuditDeviceStatus::works)
        .hasSize(2);
    vault.root().request(Request.write("notes/a", Map.of("text", "x"))).orThrow();
    assertThat(vault.vault().auditStatus())
        .filteredOn(status -> !status.works())
        .extracting(AuditDeviceStatus::name)
        .containsExactly("failing");
  }

  @Test
  void saltsAndHashes_differBetweenDevicesAndOutliveSealing() {
    failing.go();
    vault.time().advance(Duration.ofSeconds(1));
    UnaryOperator<String> hash = device -> vault
        .root()
        .request(Request.write("sys/audit-hash/" + device, Map.of("input", CANARY)))
        .orThrow()
        .dataOrEmpty()
        .text("hash")
        .orElseThrow();
    assertThat(hash.apply("file")).isNotEqualTo(hash.apply("failing"));
    Map<String, Object> request =
        trailOf(vault.root(), Request.write("notes/a", Map.of("text", CANARY))).get(0);
    assertThat(at(request, "request/data/text")).isEqualTo(hash.apply("file"));
  }

  @Test
  void declaredDevice_isListedAndCannotBeDisabled() {
    Map<String, Object> listed =
        vault.root().request(Request.read("sys/audit")).dataOrEmpty().toMap();
    assertThat(((Map<?, ?>) listed.get("file/")).get("type")).isEqualTo("file");
    assertThat(((Map<?, ?>) listed.get("file/")).get("public_key"))
        .isEqualTo(vault.vault().auditPublicKey());
    assertThat(vault.root().request(Request.delete("sys/audit/file")).errors())
        .containsExactly("cannot disable configuration-managed audit device");
    assertThat(vault
            .root()
            .request(Request.write(
                "sys/audit/x", Map.of("type", "file", "options", Map.of("file_path", "x"))))
            .errors())
        .containsExactly(
            "cannot enable audit device via API; use declarative, config-based audit device management instead");
  }

  @Test
  void everyOperation_appearsWithItsName() {
    Stream.of(Operation.READ, Operation.LIST, Operation.SCAN, Operation.DELETE, Operation.HELP)
        .forEach(operation -> {
          Request request = Request.of(
              operation,
              dev.strongroom.request.VaultPath.parse(operation.lists() ? "notes/" : "notes/x"),
              Payload.empty());
          assertThat(at(trailOf(vault.root(), request).get(0), "request/operation"))
              .isEqualTo(operation.name().toLowerCase(java.util.Locale.ROOT));
        });
  }
}
