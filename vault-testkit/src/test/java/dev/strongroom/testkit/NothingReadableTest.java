package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Mounts;
import dev.strongroom.Policies;
import dev.strongroom.Policy;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvSettings;
import dev.strongroom.kv.KvStore;
import dev.strongroom.kv.KvWrite;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the files, the log or an exception has no name and no value. */
class NothingReadableTest {
  private static final String CANARY = "canary";

  @TempDir
  private Path folder;

  private final List<String> secrets = new ArrayList<>();

  /** A text that appears nowhere else, and is searched for. */
  private String canary(String where) {
    String text = CANARY + "-" + where + "-" + secrets.size();
    secrets.add(text);
    return text;
  }

  @Test
  @Tag("slow")
  void filesOfAnOpenVault_andOfAClosedOne_andASnapshot_holdNoNameAndNoValue() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    try (Vault vault = open(data)) {
      fill(vault);
      vault.snapshot(data.resolve("vault.snapshot"));
      assertThat(data)
          .isDirectoryContaining(file -> file.getFileName().toString().endsWith("-wal"));
      List<String> arguments = new ArrayList<>(List.of(data.toString(), CANARY));
      arguments.addAll(secrets);
      try (ChildJvm search = ChildJvm.start(SearchFiles.class, arguments.toArray(String[]::new))) {
        assertThat(search.readAllLines()).containsExactly("searched");
      }
    }
    List<String> all = new ArrayList<>(List.of(CANARY));
    all.addAll(secrets);
    assertThat(SearchFiles.find(data, all)).isEmpty();
  }

  @Test
  void search_findsWhatIsThere() throws Exception {
    String text = canary("plain");
    List<String> texts = List.of(CANARY, text, canary("missing"));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    List<String> forms = List.of(
        text,
        text.toUpperCase(Locale.ROOT),
        HexFormat.of().formatHex(bytes),
        Base64.getEncoder().encodeToString(bytes),
        new StringBuilder(text).reverse().toString());
    for (String form : forms) {
      Files.writeString(folder.resolve("a"), "some " + form + " text");
      assertThat(SearchFiles.find(folder, texts))
          .as(form)
          .anyMatch(find -> find.contains(" holds " + text + " as "))
          .noneMatch(find -> find.contains("missing"));
    }
    Files.writeString(folder.resolve("a"), text, StandardCharsets.UTF_16LE);
    assertThat(SearchFiles.find(folder, texts)).hasSize(2);
  }

  private Vault open(Path data) {
    return Vault.builder()
        .storage(SqliteStorage.at(data.resolve("vault.db")))
        .mount("secret", Kv.version2())
        .host(
            canary("host"),
            Policy.of(
                canary("declared-policy"),
                "path \"secret/" + canary("path") + "\" { capabilities = [\"read\"] }"))
        .open();
  }

  private void fill(Vault vault) {
    try (InitialKeys keys = vault.initialize(new KeyShares(3, 2))) {
      for (KeyShare share : keys.shares()) {
        secrets.add(share.exposeHex().substring(0, 48));
        vault.unseal(share);
      }
      secrets.add(keys.rootToken().exposeText());
      Session root = vault.session(keys.rootToken());
      KvStore store = KvStore.at(root, "secret");
      for (int i = 0; i < 50; i++) {
        String key = canary("folder") + "/" + canary("key");
        store.put(key, Map.of(canary("member"), canary("value")));
        store.put(key, Map.of(canary("member"), Map.of(canary("nested"), List.of(canary("list")))));
        store.patch(key, Map.of(canary("member"), canary("patched")));
        store.setMetadata(
            key, KvSettings.unchanged().withCustomMetadata(Map.of(canary("name"), canary("meta"))));
        store.delete(key, 1);
        store.destroy(key, 2);
      }
      Policies.of(root)
          .put(canary("policy"), "path \"" + canary("rule") + "/*\" { capabilities = [\"read\"] }");
      Mounts.of(root).mount(canary("mount"), Kv.version2().withDescription(canary("description")));
      Mounts.of(root).move(secrets.get(secrets.size() - 2), canary("moved"));
      String entity = root.request(write(
              "identity/entity",
              Map.of(
                  "name", canary("entity"),
                  "metadata", Map.of(canary("entitymeta"), canary("entityvalue")))))
          .orThrow()
          .dataOrEmpty()
          .text("id")
          .orElseThrow();
      root.request(write(
              "identity/entity-alias",
              Map.of(
                  "name", canary("alias"),
                  "canonical_id", entity,
                  "mount_accessor", Mounts.of(root).list().get("secret").accessor(),
                  "custom_metadata", Map.of(canary("aliasmeta"), canary("aliasvalue")))))
          .orThrow();
      root.request(write(
              "identity/group",
              Map.of("name", canary("group"), "member_entity_ids", List.of(entity))))
          .orThrow();
      ClientToken token = Tokens.of(root)
          .create(TokenRequest.of(canary("nopolicy"))
              .withMetadata(Map.of(canary("tokenmeta"), canary("tokenvalue")))
              .withDisplayName(canary("display")))
          .token()
          .orElseThrow();
      secrets.add(token.exposeText());
      vault.hostSession(secrets.get(0)).close();
    }
  }

  @Test
  void logsAndExceptions_ofEverythingThatFails_holdNoValue() throws Exception {
    try (LogCanary log = LogCanary.listen();
        Vault vault = open(Files.createDirectory(folder.resolve("data")))) {
      fill(vault);
      List<String> values = secrets.stream()
          .filter(text -> text.matches(".*(value|nested|list|patched|meta).*"))
          .toList();
      try (Vault other = Vault.builder()
              .storage(dev.strongroom.InMemoryStorage.create())
              .mount("secret", Kv.version2())
              .open();
          InitialKeys keys = other.initialize(new KeyShares(1, 1))) {
        other.unseal(keys.shares().get(0));
        Session root = other.session(keys.rootToken());
        KvStore store = KvStore.at(root, "secret");
        store.put("app", Map.of("a", canary("value"), "n", 1));
        List<String> texts = new ArrayList<>();
        for (Callable<?> failing : failures(other, root, store)) {
          texts.add(textOf(failing));
        }
        assertThat(texts).isNotEmpty().allSatisfy(text -> assertThat(text)
            .doesNotContain(CANARY + "-value"));
      }
      log.assertNeverLogged(values.toArray(String[]::new));
      log.assertNeverLogged(CANARY + "-value");
    }
  }

  private List<Callable<?>> failures(Vault vault, Session root, KvStore store) {
    String value = canary("value");
    return List.of(
        () -> store.put("app", KvWrite.of(Map.of("a", value)).ifVersion(7)),
        () -> store.put("app", Map.of("a", new Object() {
          @Override
          public String toString() {
            return value;
          }
        })),
        () -> store.get("app").as(Numbers.class),
        () -> root.request(write("secret/data/app", Map.of("data", value))).orThrow(),
        () -> root.request(write("secret/data/app", Map.of("data", Map.of(), "options", value)))
            .orThrow(),
        () -> root.request(write("secret/config", Map.of("delete_version_after", value)))
            .orThrow(),
        () ->
            root.request(write("secret/delete/app", Map.of("versions", value))).orThrow(),
        () -> root.request(write("auth/token/create", Map.of("ttl", value, "meta", List.of(value))))
            .orThrow(),
        () -> root.request(write("auth/token/lookup", Map.of("token", "s." + value)))
            .orThrow(),
        () -> root.request(write("auth/token/renew", Map.of("token", "s." + value)))
            .orThrow(),
        () -> Payload.parse("{\"a\": \"" + value + "\", }"),
        () -> Payload.parse("{\"a\": " + value + "}"),
        () -> ClientToken.parse(value + "\u0000"),
        () -> KeyShare.parse(value + "!"),
        () -> vault
            .session(ClientToken.parse(value))
            .request(Request.read("secret/data/app"))
            .orThrow());
  }

  /** A record that the secret does not fit. */
  record Numbers(int a) {}

  private static Request write(String path, Map<String, ?> members) {
    return Request.of(Operation.UPDATE, VaultPath.parse(path), Payload.of(members));
  }

  private static String textOf(Callable<?> failing) throws Exception {
    try {
      Object result = failing.call();
      assertThat(result)
          .isInstanceOfSatisfying(
              Response.class, response -> assertThat(response.isFailure()).isTrue());
      return String.valueOf(result);
    } catch (RuntimeException e) {
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text, /* autoFlush= */ true));
      return text.toString();
    }
  }
}
