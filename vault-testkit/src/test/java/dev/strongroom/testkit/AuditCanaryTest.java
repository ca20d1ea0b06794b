package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.AuditLog;
import dev.strongroom.AuditVerification;
import dev.strongroom.ClientToken;
import dev.strongroom.FileAudit;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A secret in every place of every kind of request that the vault's own paths and KV take: neither
 * the audit file nor the log shows it, in clear or in another spelling.
 */
class AuditCanaryTest {
  private static final String CANARY = "CANARY-7f3a-\"ü<&\n";
  private static final String PLAIN = "CANARY-7f3a";

  /**
   * What the parameters of the vault's own paths and of KV are called, but for those that are
   * names: paths, policies, display names and metadata of tokens are in the clear, as in the
   * reference.
   */
  private static final List<String> FIELDS = List.of(
      "data",
      "options",
      "text",
      "policy",
      "rules",
      "ttl",
      "period",
      "explicit_max_ttl",
      "num_uses",
      "id",
      "token",
      "accessor",
      "increment",
      "input",
      "type",
      "description",
      "config",
      "default_lease_ttl",
      "versions",
      "version",
      "cas_required",
      "max_versions",
      "delete_version_after",
      "custom_metadata",
      "name",
      "key",
      "otp",
      "nonce",
      "hmac",
      "role",
      "alias_name",
      "member_entity_ids",
      "from",
      "to",
      "audit_non_hmac_request_keys",
      "token_bound_cidrs",
      "entity_alias",
      "lease_id",
      "bytes",
      "format",
      "algorithm");

  private static final List<String> PATHS = List.of(
      "secret/data/a",
      "secret/metadata/a",
      "secret/delete/a",
      "secret/destroy/a",
      "secret/config",
      "auth/token/create",
      "auth/token/create-orphan",
      "auth/token/lookup",
      "auth/token/renew",
      "auth/token/revoke",
      "auth/token/lookup-accessor",
      "auth/token/roles/r",
      "auth/token/tidy",
      "sys/policies/acl/p",
      "sys/policy/p",
      "sys/policies/password/p",
      "sys/capabilities-self",
      "sys/capabilities",
      "sys/mounts/m",
      "sys/mounts/secret/tune",
      "sys/remount",
      "sys/rotate",
      "sys/rotate/config",
      "sys/audit/x",
      "sys/audit-hash/file",
      "sys/auth/x",
      "sys/config/auditing/request-headers/x",
      "sys/wrapping/wrap",
      "sys/wrapping/unwrap",
      "sys/wrapping/lookup",
      "sys/wrapping/rewrap",
      "sys/tools/hash",
      "sys/tools/random/8",
      "cubbyhole/a",
      "identity/entity",
      "identity/entity-alias",
      "identity/group",
      "sys/leases/lookup",
      "sys/leases/renew",
      "sys/leases/revoke",
      "nothing/here");

  @TempDir
  private Path folder;

  private static Stream<Payload> payloads() {
    Stream<Map<String, ?>> wrong = FIELDS.stream()
        .flatMap(field -> Stream.of(
            Map.of(field, CANARY),
            Map.of(field, List.of(CANARY)),
            Map.of(field, Map.of("inner", CANARY)),
            Map.of(field, List.of(Map.of("inner", List.of(CANARY))))));
    return wrong.map(Payload::of);
  }

  @Test
  void secretAnywhere_isNeitherInTheTrailNorInTheLog() throws IOException {
    Path file = folder.resolve("audit.log");
    String token;
    try (LogCanary log = LogCanary.listen()) {
      try (InMemoryVault vault = Vault.inMemory(builder ->
          builder.mount("secret", Kv.version2()).audit("file", FileAudit.appendTo(file)))) {
        Session stranger = vault.vault().session(ClientToken.parse("s." + PLAIN));
        for (String path : PATHS) {
          payloads().forEach(payload -> {
            Request request = Request.of(Operation.UPDATE, VaultPath.parse(path), payload);
            Response unused = vault.root().request(request);
          });
          Stream.of(Operation.READ, Operation.DELETE, Operation.HELP).forEach(operation -> {
            Request request =
                Request.of(operation, VaultPath.parse(path), Payload.of(Map.of("x", CANARY)));
            Response unused = stranger.request(request);
            unused = vault.root().request(request);
          });
        }
        token = vault
            .root()
            .request(Request.write("auth/token/create", Map.of()))
            .auth()
            .flatMap(auth -> auth.token())
            .orElseThrow()
            .exposeText();
        vault
            .root()
            .request(Request.write("auth/token/lookup", Map.of("token", token)))
            .orThrow();
      }
      log.assertNeverLogged(PLAIN, token);
    }
    byte[] utf8 = PLAIN.getBytes(StandardCharsets.UTF_8);
    assertThat(Files.readString(file))
        .doesNotContain(
            PLAIN,
            new StringBuilder(PLAIN).reverse(),
            HexFormat.of().formatHex(utf8),
            Base64.getEncoder().encodeToString(utf8).substring(0, 12),
            token);
    assertThat(AuditLog.verify(file)).matches(AuditVerification::isIntact);
  }
}
