package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Request;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.spi.AuditFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The exact text of records, which tools of others read: every member, their order, what is hashed,
 * what is escaped. What is random has a name in its place: a hash that of its value.
 */
class AuditRecordsTest {
  private static final Pattern HASH = Pattern.compile("hmac-sha256:[0-9a-f]{64}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  private static final Pattern ACCESSOR = Pattern.compile("(?<=\"mount_accessor\":\")[^\"]*");
  private static final Pattern CHAIN = Pattern.compile(
      ",\"chain\":\\{\"id\":\"[0-9a-f]{32}\",\"sequence\":[0-9]+,\"revision\":[0-9]+,"
          + "\"previous\":\"[0-9a-f]{64}\",\"hash\":\"[0-9a-f]{64}\"\\}\\}$");

  @TempDir
  private Path folder;

  private final Map<String, String> named = new LinkedHashMap<>();

  @Test
  void records_areTheseLines() throws IOException {
    Path hashed = folder.resolve("hashed.log");
    Path raw = folder.resolve("raw.log");
    List<String> lines;
    List<String> inClear;
    try (InMemoryVault vault = Vault.inMemory(builder -> builder
        .mount("notes", Mount.of(new NotesEngine()))
        .audit("hashed", FileAudit.appendTo(hashed))
        .audit(
            "raw",
            FileAudit.appendTo(raw)
                .withFormat(format -> new AuditFormat(false, true, true, "@cee: "))))) {
      prepare(vault.root());
      int before = records(hashed).size();
      act(vault);
      lines = records(hashed);
      lines = lines.subList(before, lines.size());
      inClear = records(raw).subList(before, before + lines.size());
      Map<String, String> valueOfHash = new HashMap<>();
      named.forEach((value, name) -> valueOfHash.put(hash(vault.root(), value), name));
      lines = lines.stream().map(line -> withNames(line, valueOfHash)).toList();
      inClear = inClear.stream().map(line -> withNames(line, valueOfHash)).toList();
    }
    assertThat(AuditLog.verify(hashed)).matches(AuditVerification::isIntact);
    assertThat(AuditLog.verify(raw)).matches(AuditVerification::isIntact);
    assertThat(String.join("\n", lines) + "\n").isEqualTo(expected("hashed"));
    assertThat(String.join("\n", inClear) + "\n").isEqualTo(expected("raw"));
  }

  private void prepare(Session root) {
    Map<String, ?> self =
        root.request(Request.read("auth/token/lookup-self")).dataOrEmpty().toMap();
    named.put((String) self.get("id"), "root token");
    named.put((String) self.get("accessor"), "root accessor");
    root.request(Request.write("sys/config/auditing/request-headers/x-team", Map.of("hmac", false)))
        .orThrow();
    root.request(Request.write("sys/config/auditing/request-headers/x-trace", Map.of()))
        .orThrow();
    root.request(Request.write(
            "sys/policies/acl/reader",
            Map.of("policy", "path \"notes/*\" { capabilities = [\"read\"] }")))
        .orThrow();
  }

  /** Everything that a record has a member for. */
  private void act(InMemoryVault vault) throws IOException {
    Session root = vault.root();
    Map<String, ?> odd = Map.of(
        "text",
        named("first\n\u007f\u2028<&>\"\\${x} \u00e4\u20ac\ud83d\ude00"),
        "z",
        List.of(named("second"), 1, true, Map.of("b", 2.50, "a", named("third"))),
        "time",
        "2026-01-02T03:04:05.6+02:00",
        "no_time",
        named("2026-13-02T03:04:05Z"));
    root.request(Request.write("notes/\u00e4 <b>\"${x}\ud83d\ude00", odd)).orThrow();
    root.request(Request.read("notes/\u00e4 <b>\"${x}\ud83d\ude00")).orThrow();
    root.request(Request.list("notes/")).orThrow();
    root.request(Request.read("nothing/here"));
    named("quoted");
    root.request(
        Request.write("sys/policies/acl/p", Map.of("policy", named("path \"quoted\" { quoted }"))));
    Session billing = vault.vault().session(billingToken(root));
    vault.time().advance(Duration.ofMillis(1500));
    billing.request(Request.read("notes/a"));
    billing.request(Request.delete("notes/a"));
    Origin origin = new Origin(
        InetAddress.getByName("192.0.2.7"),
        50123,
        Map.of("X-Team", List.of("ops\t", "\u001b"), "X-Trace", List.of(named("trace"))));
    vault
        .vault()
        .session(ClientToken.parse(named("stranger")))
        .request(Request.read("notes/a").from(origin));
    WrapInfo wrapped = root.request(
            Request.write("auth/token/create", Map.of()).wrapped(Duration.ofMinutes(5)))
        .orThrow()
        .wrapInfo()
        .orElseThrow();
    named.put(wrapped.token().exposeText(), "wrapping token");
    named.put(wrapped.accessor(), "wrapping accessor");
    named.put(wrapped.wrappedAccessor().orElseThrow(), "wrapped accessor");
  }

  private ClientToken billingToken(Session root) {
    Map<String, ?> asked = Map.of(
        "policies",
        List.of(named("reader")),
        "meta",
        Map.of("team", named("ops"), "a", named("meta")),
        "ttl",
        named("1h"),
        "num_uses",
        5,
        "display_name",
        named("billing"));
    Auth made =
        root.request(Request.write("auth/token/create", asked)).orThrow().auth().orElseThrow();
    named.put(made.accessor(), "billing accessor");
    ClientToken token = made.token().orElseThrow();
    named.put(token.exposeText(), "billing token");
    return token;
  }

  private String named(String value) {
    named.put(value, value.replaceAll("[^a-z0-9-]", "?"));
    return value;
  }

  private static List<String> records(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(
            line -> line.contains("\"type\":\"request\"") || line.contains("\"type\":\"response\""))
        .toList();
  }

  private static String hash(Session root, String value) {
    return root.request(Request.write("sys/audit-hash/hashed", Map.of("input", value)))
        .orThrow()
        .dataOrEmpty()
        .text("hash")
        .orElseThrow();
  }

  private String withNames(String line, Map<String, String> valueOfHash) {
    assertThat(line).containsPattern(CHAIN);
    String text = CHAIN.matcher(line).replaceFirst(",<chain>");
    text = HASH.matcher(text)
        .replaceAll((MatchResult hash) ->
            "<" + valueOfHash.getOrDefault(hash.group(), "not a known value") + ">");
    for (Map.Entry<String, String> value : named.entrySet()) {
      if (value.getValue().matches(".* (?:token|accessor)")) {
        text = text.replace(value.getKey(), "(" + value.getValue() + ")");
      }
    }
    text = UUID.matcher(text).replaceAll("<uuid>");
    return ACCESSOR.matcher(text).replaceAll("<mount accessor>");
  }

  private static String expected(String device) throws IOException {
    try (InputStream in = AuditRecordsTest.class.getResourceAsStream("audit-" + device + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
