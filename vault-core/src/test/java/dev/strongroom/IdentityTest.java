package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private final IdentityFixture people = new IdentityFixture();

  @AfterEach
  void close() {
    people.close();
  }

  private static void assertRefused(Response response, String text) {
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(text);
  }

  private List<String> keys(String path) {
    Response response = people.vault.root().request(Request.list(path));
    return response.isMissing() ? List.of() : response.orThrow().dataOrEmpty().texts("keys");
  }

  private String entity(String name) {
    return people.id("identity/entity", Map.of("name", name));
  }

  @Nested
  class AnEntity {
    @Test
    void create_everythingGiven_isWhatReadShows() {
      String id = people.id(
          "identity/entity",
          Map.of(
              "name",
              "Bob",
              "metadata",
              Map.of("team", "red"),
              "policies",
              List.of("B", "a"),
              "disabled",
              true));

      Payload read = people.read("identity/entity/id/" + id);
      assertThat(read.text("name")).contains("Bob");
      assertThat(read.pairs("metadata")).containsExactly(Map.entry("team", "red"));
      assertThat(read.texts("policies")).containsExactly("a", "b");
      assertThat(read.flag("disabled")).contains(true);
      assertThat(read.text("namespace_id")).contains("root");
      assertThat(read.text("creation_time")).contains("2026-01-01T00:00:00Z");
      assertThat(read.toMap())
          .containsEntry("aliases", List.of())
          .containsEntry("group_ids", List.of())
          .containsEntry("merged_entity_ids", null);
      assertThat(people.read("identity/entity/name/Bob").toMap()).isEqualTo(read.toMap());
    }

    @Test
    void create_nothingGiven_hasARandomNameAndId() {
      Payload made = people.write("identity/entity", Map.of()).orThrow().dataOrEmpty();
      assertThat(made.text("name").orElseThrow()).matches("entity_[0-9a-f]{8}\\.root");
      assertThat(made.text("id").orElseThrow())
          .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void write_known_changesWhatIsGivenAndNothingElse() {
      String id = people.id(
          "identity/entity",
          Map.of("name", "bob", "policies", "a,b", "metadata", Map.of("k", "v")));
      assertThat(people
              .write("identity/entity", Map.of("name", "bob", "policies", "c"))
              .isEmpty())
          .isTrue();
      assertThat(people
              .write("identity/entity/id/" + id, Map.of("metadata", Map.of()))
              .isEmpty())
          .isTrue();
      assertThat(
              people.write("identity/entity/name/bob", Map.of("disabled", true)).isEmpty())
          .isTrue();

      Payload read = people.read("identity/entity/id/" + id);
      assertThat(read.texts("policies")).containsExactly("c");
      assertThat(read.get("metadata")).isEmpty();
      assertThat(read.flag("disabled")).contains(true);
      assertThat(keys("identity/entity/id")).containsExactly(id);
    }

    @Test
    void list_inParts_goesOnBehindTheLastName() {
      List.of("\ufb21", "\ud83d\udd11", "ann", "Bob").forEach(IdentityTest.this::entity);
      Request list = Request.list("identity/entity/name");

      Payload first =
          people.vault.root().request(list.with("limit", 3)).orThrow().dataOrEmpty();
      assertThat(first.texts("keys")).containsExactly("Bob", "ann", "\ufb21");
      assertThat(first.get("key_info").map(info -> ((Map<?, ?>) info).size())).contains(3);
      Response rest = people.vault.root().request(list.with("after", "\ufb21"));
      assertThat(rest.orThrow().dataOrEmpty().texts("keys")).containsExactly("\ud83d\udd11");
      assertThat(people.vault.root().request(list.with("after", "\ud83d\udd11")).isMissing())
          .isTrue();
    }

    @Test
    void rename_freesTheOldName() {
      String id = entity("bob");
      people.write("identity/entity/id/" + id, Map.of("name", "robert")).orThrow();
      assertThat(keys("identity/entity/name")).containsExactly("robert");
      assertThat(entity("bob")).isNotEqualTo(id);
      assertRefused(
          people.write("identity/entity/id/" + id, Map.of("name", "bob")),
          "entity name is already in use");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BOB", "Bob", "ＢＯＢ"})
    @DisplayName("I-5 a name that looks like another one is refused")
    void create_lookalike_isRefused(String name) {
      entity("bob");
      assertRefused(
          people.write("identity/entity", Map.of("name", name)), "entity name is already in use");
      assertRefused(
          people.write("identity/entity/name/" + name, Map.of("policies", "a")),
          "entity name is already in use");
      assertThat(people.read("identity/entity/name/bob").texts("policies")).isEmpty();
    }

    @Test
    @DisplayName("A-2 a denial for a name cannot be passed by in another spelling")
    void nameInPath_otherSpelling_isNotThatEntity() {
      entity("admin");
      people.policies.put("most", """
          path "identity/entity/name/*"     { capabilities = ["read", "update", "delete"] }
          path "identity/entity/name/admin" { capabilities = ["deny"] }
          """);
      try (Session session = people.session(people.login("eve", "most"))) {
        for (String name : List.of("Admin", "ADMIN", "ADMıN")) {
          String path = "identity/entity/name/" + name;
          assertThat(session.request(Request.read(path)).isMissing()).isTrue();
          assertThat(
                  session.request(Request.write(path, Map.of("policies", "a"))).failure())
              .contains(ErrorCode.INVALID_REQUEST);
          session.request(Request.delete(path)).orThrow();
        }
        assertThat(people.read("identity/entity/name/admin").texts("policies")).isEmpty();
      }
    }

    @Test
    @DisplayName("A-10 an id in the body does not choose another entity than the path")
    void nameInPath_idOfAnother_isRefused() {
      String admin = entity("admin");
      entity("eve");
      assertRefused(
          people.write("identity/entity/name/eve", Map.of("id", admin, "disabled", true)),
          "the entity of that name has another id");
      assertRefused(
          people.write("identity/entity/name/new", Map.of("id", admin)),
          "the entity of that name has another id");
      assertThat(people.read("identity/entity/id/" + admin).flag("disabled")).contains(false);
      assertThat(people.read("identity/entity/id/" + admin).text("name")).contains("admin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", " Root ", "default,ROOT"})
    @DisplayName("I-1 no entity and no group has root")
    void write_rootAmongPolicies_isRefusedEverywhere(String names) {
      String id = entity("bob");
      String group = people.id("identity/group", Map.of("name", "ops"));
      for (String path : List.of(
          "identity/entity",
          "identity/entity/id/" + id,
          "identity/entity/name/bob",
          "identity/entity/name/new",
          "identity/group",
          "identity/group/id/" + group,
          "identity/group/name/ops",
          "identity/group/name/new")) {
        assertRefused(
            people.write(path, Map.of("policies", names)), "policies cannot contain root");
      }
      assertThat(keys("identity/entity/id")).containsExactly(id);
      assertThat(keys("identity/group/id")).containsExactly(group);
    }

    @Test
    void unknown_isNotThere() {
      assertRefused(
          people.write("identity/entity/id/none", Map.of("name", "x")), "entity not found from id");
      assertThat(people
              .vault
              .root()
              .request(Request.read("identity/entity/id/none"))
              .isMissing())
          .isTrue();
      assertThat(people.delete("identity/entity/id/none").isEmpty()).isTrue();
      assertThat(people.delete("identity/entity/name/none").isEmpty()).isTrue();
      assertThat(keys("identity/entity/id")).isEmpty();
      assertThat(keys("identity/entity/name")).isEmpty();
    }

    @Test
    @DisplayName("H-7 texts that no key can hold are of nothing")
    void texts_tooLongToBeKeys_nameNothing() {
      String text = "x".repeat(100_000);
      for (String field : List.of("id", "name", "alias_id")) {
        assertThat(people.write("identity/lookup/entity", Map.of(field, text)).isEmpty())
            .isTrue();
      }
      assertThat(people
              .write(
                  "identity/lookup/entity",
                  Map.of("alias_name", text, "alias_mount_accessor", text))
              .isEmpty())
          .isTrue();
      assertRefused(
          people.write("identity/entity", Map.of("id", text)), "entity not found from id");
      assertRefused(people.write("identity/group", Map.of("id", text)), "invalid group ID");
      assertRefused(
          people.write("identity/group", Map.of("member_entity_ids", List.of(text))),
          "invalid entity ID");
      assertRefused(
          people.write("identity/entity-alias", Map.of("id", text)), "invalid alias ID provided");
      for (String path : List.of("identity/entity", "identity/group")) {
        assertThat(people.write(path, Map.of("name", text)).failure())
            .contains(ErrorCode.INVALID_REQUEST);
      }
      assertThat(keys("identity/entity/id")).isEmpty();
    }

    @Test
    void delete_leavesNothingBehind() {
      String id = people.entityOf(people.login("bob"));
      people.write("identity/entity/id/" + id, Map.of("name", "bob")).orThrow();
      String group =
          people.id("identity/group", Map.of("name", "ops", "member_entity_ids", List.of(id)));
      people.delete("identity/entity/name/bob").orThrow();

      assertThat(keys("identity/entity/id")).isEmpty();
      assertThat(keys("identity/entity-alias/id")).isEmpty();
      assertThat(people.read("identity/group/id/" + group).texts("member_entity_ids"))
          .isEmpty();
      assertThat(entity("bob")).isNotEqualTo(id);
      assertThat(people.entityOf(people.login("bob"))).isNotEqualTo(id);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
      "id, true",
      "name, true",
      "alias_id, true",
      "alias, true",
      "none, false",
      "two, false",
      "half, false",
      "unknown, false"
    })
    void lookup_byWhatIsGiven_findsIt(String by, boolean found) {
      String id = people.entityOf(people.login("robert"));
      people.write("identity/entity/id/" + id, Map.of("name", "bob")).orThrow();
      String accessor = people.accessor("notes");
      Map<String, String> query =
          switch (by) {
            case "id" -> Map.of("id", id);
            case "name" -> Map.of("name", "bob");
            case "alias_id" ->
              Map.of("alias_id", keys("identity/entity-alias/id").get(0));
            case "alias" -> Map.of("alias_name", "robert", "alias_mount_accessor", accessor);
            case "two" -> Map.of("id", id, "name", "bob");
            case "half" -> Map.of("alias_name", "robert");
            case "unknown" -> Map.of("alias_name", "Robert", "alias_mount_accessor", accessor);
            default -> Map.of();
          };
      Response response = people.write("identity/lookup/entity", query);
      assertThat(response
              .data()
              .flatMap(data -> data.text("id"))
              .filter(id::equals)
              .isPresent())
          .isEqualTo(found);
    }
  }

  @Nested
  class AnAlias {
    private final String accessor = people.accessor("notes");

    private Response write(Map<String, ?> members) {
      return people.write("identity/entity-alias", members);
    }

    private String alias(String name, String entity) {
      return write(Map.of("name", name, "mount_accessor", accessor, "canonical_id", entity))
          .orThrow()
          .dataOrEmpty()
          .text("id")
          .orElseThrow();
    }

    @Test
    void create_isWhatReadAndTheEntityShow() {
      String bob = entity("bob");
      String id = people.id(
          "identity/entity-alias",
          Map.of(
              "name",
              "robert",
              "mount_accessor",
              accessor,
              "canonical_id",
              bob,
              "custom_metadata",
              Map.of("k", "v")));

      Payload read = people.read("identity/entity-alias/id/" + id);
      assertThat(read.text("name")).contains("robert");
      assertThat(read.text("canonical_id")).contains(bob);
      assertThat(read.text("mount_path")).contains("auth/notes/");
      assertThat(read.text("mount_type")).contains("trusting");
      assertThat(read.pairs("custom_metadata")).containsExactly(Map.entry("k", "v"));
      assertThat(
              (List<?>) people.read("identity/entity/id/" + bob).get("aliases").orElseThrow())
          .singleElement()
          .satisfies(shown -> assertThat(((Map<?, ?>) shown).get("id")).isEqualTo(id));
      assertThat(people.entityOf(people.login("robert"))).isEqualTo(bob);
    }

    @Test
    void create_withoutEntity_makesOne() {
      Payload made =
          write(Map.of("name", "robert", "mount_accessor", accessor)).orThrow().dataOrEmpty();
      assertThat(keys("identity/entity/id"))
          .containsExactly(made.text("canonical_id").orElseThrow());
    }

    @Test
    void create_wrong_isRefusedAndLeavesNothing() {
      assertRefused(
          write(Map.of("name", "x")), "'id' or 'mount_accessor' and 'name' must be provided");
      assertRefused(
          write(Map.of("name", "x", "mount_accessor", "none_1")), "invalid mount accessor");
      assertRefused(
          write(Map.of("name", "x", "mount_accessor", accessor, "canonical_id", "none")),
          "invalid canonical ID");
      assertRefused(write(Map.of("id", "none", "name", "x")), "invalid alias ID provided");
      assertThat(write(Map.of("name", " x", "mount_accessor", accessor)).isFailure())
          .isTrue();
      assertThat(keys("identity/entity/id")).isEmpty();
    }

    @Test
    @DisplayName("I-2 an entity has one alias at a mount, and a name at a mount is one alias")
    void create_second_isRefused() {
      String bob = entity("bob");
      alias("robert", bob);
      assertRefused(
          write(Map.of("name", "rob", "mount_accessor", accessor, "canonical_id", bob)),
          "Alias already exists for requested entity and mount accessor");
      assertRefused(
          write(Map.of("name", "ROBERT", "mount_accessor", accessor)),
          "alias with combination of mount accessor and name already exists");
      assertThat(keys("identity/entity-alias/id")).hasSize(1);
      assertThat(keys("identity/entity/id")).containsExactly(bob);
    }

    @Test
    @DisplayName("I-3 writing an alias merges no entities")
    void write_toAnotherEntity_movesTheAliasAlone() {
      String bob = people.id("identity/entity", Map.of("name", "bob", "policies", "secret"));
      String eve = entity("eve");
      String id = alias("robert", bob);
      write(Map.of("id", id, "canonical_id", eve)).orThrow();

      assertThat(people.entityOf(people.login("robert"))).isEqualTo(eve);
      assertThat(people.read("identity/entity/id/" + eve).texts("policies")).isEmpty();
      assertThat(people.read("identity/entity/id/" + bob).texts("policies"))
          .containsExactly("secret");
      assertThat(people.read("identity/entity/id/" + bob).toMap())
          .containsEntry("aliases", List.of());
    }

    @Test
    void write_toAnEntityThatHasOneThere_isRefused() {
      String bob = entity("bob");
      String eve = entity("eve");
      String id = alias("robert", bob);
      alias("evelyn", eve);
      assertRefused(
          people.write("identity/entity-alias/id/" + id, Map.of("canonical_id", eve)),
          "Alias cannot be updated as the given entity already has an alias for this mount");
      assertRefused(
          people.write("identity/entity-alias/id/" + id, Map.of("name", "evelyn")),
          "alias with combination of mount accessor and name already exists");
      assertThat(people.entityOf(people.login("robert"))).isEqualTo(bob);
      assertThat(people.entityOf(people.login("evelyn"))).isEqualTo(eve);
    }

    @Test
    void write_newNameOrMount_movesTheLogin() {
      String bob = entity("bob");
      String id = alias("robert", bob);
      people.write("identity/entity-alias/id/" + id, Map.of("name", "rob")).orThrow();
      assertThat(people.entityOf(people.login("rob"))).isEqualTo(bob);
      people
          .write(
              "identity/entity-alias/id/" + id, Map.of("mount_accessor", people.accessor("other")))
          .orThrow();
      assertThat(people.entityOf(people.loginAt("other", "rob", Map.of()))).isEqualTo(bob);
      assertThat(people.entityOf(people.login("rob"))).isNotEqualTo(bob);
      assertThat(people.write("identity/entity-alias/id/" + id, Map.of()).isEmpty())
          .isTrue();
    }

    @Test
    @DisplayName("I-8 a removed alias leads nowhere")
    void delete_theNextLoginIsSomebodyElse() {
      String bob = entity("bob");
      String id = alias("robert", bob);
      people.delete("identity/entity-alias/id/" + id).orThrow();
      assertThat(people.entityOf(people.login("robert"))).isNotEqualTo(bob);
      assertThat(people.delete("identity/entity-alias/id/" + id).isEmpty()).isTrue();
      assertThat(people
              .vault
              .root()
              .request(Request.read("identity/entity-alias/id/" + id))
              .isMissing())
          .isTrue();
    }
  }

  @Nested
  class AGroup {
    @Test
    void create_isWhatReadAndMembersShow() {
      String bob = entity("bob");
      String id = people.id(
          "identity/group",
          Map.of(
              "name",
              "ops",
              "metadata",
              Map.of("floor", "3"),
              "policies",
              "b,a",
              "member_entity_ids",
              List.of(bob, bob)));

      Payload read = people.read("identity/group/name/ops");
      assertThat(read.text("id")).contains(id);
      assertThat(read.pairs("metadata")).containsExactly(Map.entry("floor", "3"));
      assertThat(read.texts("policies")).containsExactly("a", "b");
      assertThat(read.texts("member_entity_ids")).containsExactly(bob);
      assertThat(read.text("type")).contains("internal");
      assertThat(people.read("identity/entity/id/" + bob).texts("direct_group_ids"))
          .containsExactly(id);
      assertThat(keys("identity/group/id")).containsExactly(id);
      assertThat(keys("identity/group/name")).containsExactly("ops");
    }

    @Test
    void write_known_changesWhatIsGiven() {
      String bob = entity("bob");
      String id = people.id("identity/group", Map.of("name", "ops", "policies", "a"));
      people
          .write("identity/group", Map.of("name", "ops", "member_entity_ids", List.of(bob)))
          .orThrow();
      people.write("identity/group/id/" + id, Map.of("name", "operators")).orThrow();
      Payload read = people.read("identity/group/id/" + id);
      assertThat(read.text("name")).contains("operators");
      assertThat(read.texts("policies")).containsExactly("a");
      assertThat(read.texts("member_entity_ids")).containsExactly(bob);
      people.delete("identity/group/name/operators").orThrow();
      assertThat(people.read("identity/entity/id/" + bob).texts("group_ids")).isEmpty();
    }

    @Test
    void write_wrong_isRefused() {
      people.id("identity/group", Map.of("name", "ops"));
      assertRefused(
          people.write("identity/group", Map.of("name", "OPS")), "group name is already in use");
      assertRefused(
          people.write("identity/group", Map.of("member_entity_ids", "none")), "invalid entity ID");
      assertRefused(
          people.write("identity/group/id/none", Map.of("name", "x")), "invalid group ID");
      assertRefused(
          people.write("identity/group", Map.of("type", "external")),
          "external groups are not supported yet");
      assertRefused(
          people.write("identity/group", Map.of("member_group_ids", "x")),
          "groups in groups are not supported yet");
      assertRefused(
          people.write("identity/group/name/ops", Map.of("id", "x")),
          "the group of that name has another id");
      assertThat(keys("identity/group/name")).containsExactly("ops");
    }

    @Test
    void groupsOfAnEntity_areBounded() {
      String bob = entity("bob");
      Map<String, ?> member = Map.of("member_entity_ids", List.of(bob));
      IntStream.range(0, 100)
          .forEach(i -> people.write("identity/group", member).orThrow());
      assertThat(people.write("identity/group", member).failure())
          .contains(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  @Nested
  class ALogin {
    @Test
    @DisplayName("I-2 parallel first logins make one entity")
    void login_inParallel_makesOneEntity() throws Exception {
      ExecutorService pool = Executors.newFixedThreadPool(8);
      try {
        List<Future<String>> logins = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          logins.add(pool.submit(() -> people.entityOf(people.login("bob"))));
        }
        String first = logins.get(0).get();
        for (Future<String> login : logins) {
          assertThat(login.get()).isEqualTo(first);
        }
      } finally {
        pool.shutdownNow();
      }
      assertThat(keys("identity/entity/id")).hasSize(1);
      assertThat(keys("identity/entity-alias/id")).hasSize(1);
    }

    @Test
    void login_sameNameAtAnotherMount_isSomebodyElse() {
      assertThat(people.entityOf(people.loginAt("other", "bob", Map.of())))
          .isNotEqualTo(people.entityOf(people.login("bob")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BOB", "ＢＯＢ"})
    @DisplayName("I-5 a login whose name looks like another one is refused")
    void login_lookalike_isDenied(String name) {
      people.login("bob");
      assertThatThrownBy(() -> people.login(name))
          .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
              .isEqualTo(ErrorCode.PERMISSION_DENIED))
          .hasMessage("permission denied");
      assertThat(keys("identity/entity/id")).hasSize(1);
    }

    @Test
    @DisplayName("T-11 a login that fails leaves nothing behind")
    void login_withBadNameOrMetadata_leavesNothing() {
      for (String name : List.of(" bob", "a\u0301")) {
        assertThatThrownBy(() -> people.login(name)).isInstanceOf(VaultException.class);
      }
      assertThatThrownBy(() -> people.login("bob", Map.of("a b", "c")))
          .isInstanceOf(VaultException.class);
      assertThat(keys("identity/entity/id")).isEmpty();
      assertThat(keys("identity/entity-alias/id")).isEmpty();
    }

    @Test
    void login_ofADisabledEntity_isDenied() {
      String id = people.entityOf(people.login("bob"));
      people.write("identity/entity/id/" + id, Map.of("disabled", true)).orThrow();
      assertThatThrownBy(() -> people.login("bob")).hasMessage("permission denied");
    }
  }

  @Nested
  class AToken {
    private void give(String entity, String policies) {
      people.write("identity/entity/id/" + entity, Map.of("policies", policies)).orThrow();
    }

    @Test
    @DisplayName("A-12 policies of entity and groups count from the next request on")
    void identityPolicies_joinTheTokensOwn_atOnce() {
      people.policies.put("a", "path \"notes/a\" { capabilities = [\"read\"] }");
      people.policies.put("b", "path \"notes/b\" { capabilities = [\"read\"] }");
      people.policies.put("c", "path \"notes/c\" { capabilities = [\"read\"] }");
      ClientToken bob = people.login("bob", "a");
      String id = people.entityOf(bob);
      try (Session session = people.session(bob)) {
        assertThat(people.may(session, "notes/b")).containsExactly("deny");
        give(id, "b");
        String group =
            people.id("identity/group", Map.of("policies", "c", "member_entity_ids", List.of(id)));
        for (String path : List.of("notes/a", "notes/b", "notes/c")) {
          assertThat(people.may(session, path)).as(path).containsExactly("read");
        }
        Payload lookup = people
            .write("auth/token/lookup", Map.of("token", bob.exposeText()))
            .orThrow()
            .dataOrEmpty();
        assertThat(lookup.texts("policies")).containsExactly("a", "default");
        assertThat(lookup.texts("identity_policies")).containsExactly("b", "c");
        give(id, "");
        people.write("identity/group/id/" + group, Map.of("policies", "")).orThrow();
        assertThat(people.may(session, "notes/b")).containsExactly("deny");
        assertThat(people.may(session, "notes/c")).containsExactly("deny");
      }
    }

    @Test
    @DisplayName("A-4 a denial of the entity wins over the token's own policy")
    void identityPolicies_denial_wins() {
      people.policies.put("a", "path \"notes/a\" { capabilities = [\"read\"] }");
      people.policies.put("b", "path \"notes/a\" { capabilities = [\"deny\"] }");
      ClientToken bob = people.login("bob", "a");
      give(people.entityOf(bob), "b");
      try (Session session = people.session(bob)) {
        assertThat(people.may(session, "notes/a")).containsExactly("deny");
      }
    }

    @Test
    @DisplayName("T-15 a disabled entity's tokens are refused at once, and come back")
    void disabled_andEnabled_countFromTheNextRequestOn() {
      people.policies.put("a", "path \"notes/a\" { capabilities = [\"read\"] }");
      ClientToken bob = people.login("bob", "a");
      String path = "identity/entity/id/" + people.entityOf(bob);
      try (Session session = people.session(bob)) {
        assertThat(people.may(session, "notes/a")).containsExactly("read");
        people.write(path, Map.of("disabled", true)).orThrow();
        Response refused = session.request(Request.read("notes/a"));
        assertThat(refused.failure()).contains(ErrorCode.PERMISSION_DENIED);
        assertThat(refused.errors()).containsExactly("permission denied");
        assertRefused(
            people.write("sys/capabilities", Map.of("token", bob.exposeText(), "path", "notes/a")),
            "invalid token");
        assertThat(people.entityOf(bob)).isNotEmpty();
        people.write(path, Map.of("disabled", false)).orThrow();
        assertThat(people.may(session, "notes/a")).containsExactly("read");
      }
    }

    @Test
    @DisplayName("A-12 a disabled entity is refused while others use the same session")
    void disabled_underLoad_countsFromTheNextRequestOn() throws Exception {
      people.policies.put("a", "path \"notes/a\" { capabilities = [\"read\"] }");
      ClientToken bob = people.login("bob", "a");
      String path = "identity/entity/id/" + people.entityOf(bob);
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try (Session session = people.session(bob)) {
        List<Future<?>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          readers.add(pool.submit(() -> {
            while (!done.get()) {
              session.request(Request.read("notes/a"));
            }
          }));
        }
        for (int i = 0; i < 100; i++) {
          boolean disabled = i % 2 == 0;
          people.write(path, Map.of("disabled", disabled)).orThrow();
          assertThat(session.request(Request.read("notes/a")).failure())
              .contains(disabled ? ErrorCode.PERMISSION_DENIED : ErrorCode.NOT_FOUND);
        }
        done.set(true);
        for (Future<?> reader : readers) {
          reader.get();
        }
      } finally {
        done.set(true);
        pool.shutdownNow();
      }
    }

    @Test
    @DisplayName("T-15 a removed entity's tokens are refused at once, children too, for ever")
    void removed_endsTheUseOfTokensAndTheirChildren() {
      people.policies.put("a", """
          path "notes/a"           { capabilities = ["read"] }
          path "auth/token/create" { capabilities = ["update"] }
          """);
      ClientToken bob = people.login("bob", "a");
      String id = people.entityOf(bob);
      ClientToken child =
          Tokens.of(people.session(bob)).create(TokenRequest.of("a")).token().orElseThrow();
      assertThat(people.entityOf(child)).isEqualTo(id);
      people.delete("identity/entity/id/" + id).orThrow();
      people.write("identity/entity", Map.of("name", "bob")).orThrow();
      people.login("bob", "a");
      for (ClientToken token : List.of(bob, child)) {
        try (Session session = people.session(token)) {
          assertThat(session.request(Request.read("notes/a")).failure())
              .contains(ErrorCode.PERMISSION_DENIED);
        }
      }
    }

    @ParameterizedTest(name = "I-8 {0} ends the use of tokens of that alias, and of their children")
    @ValueSource(strings = {"removing", "moving"})
    void alias_taken_endsTheUseOfItsTokensAtOnce(String how) {
      people.policies.put("a", """
          path "notes/a"           { capabilities = ["read"] }
          path "auth/token/create" { capabilities = ["update"] }
          """);
      people.policies.put("b", "path \"notes/b\" { capabilities = [\"read\"] }");
      ClientToken bob = people.login("bob", "a");
      String id = people.entityOf(bob);
      give(id, "b");
      String alias = people
          .vault
          .root()
          .request(Request.list("identity/entity-alias/id"))
          .orThrow()
          .dataOrEmpty()
          .texts("keys")
          .get(0);
      try (Session session = people.session(bob);
          Session child = people.session(
              Tokens.of(session).create(TokenRequest.of("a")).token().orElseThrow())) {
        assertThat(people.may(child, "notes/b")).containsExactly("read");

        people.vault.time().advance(Duration.ofSeconds(1));
        if (how.equals("moving")) {
          String other = people.id("identity/entity", Map.of("name", "other"));
          people
              .write("identity/entity-alias/id/" + alias, Map.of("canonical_id", other))
              .orThrow();
        } else {
          people.delete("identity/entity-alias/id/" + alias).orThrow();
          people
              .write(
                  "identity/entity-alias",
                  Map.of(
                      "name",
                      "robert",
                      "mount_accessor",
                      people.accessor("notes"),
                      "canonical_id",
                      id))
              .orThrow();
        }

        for (Session one : List.of(session, child)) {
          assertThat(one.request(Request.read("notes/a")).failure())
              .contains(ErrorCode.PERMISSION_DENIED);
          assertThat(one.request(Request.read("notes/b")).failure())
              .contains(ErrorCode.PERMISSION_DENIED);
        }
      }
    }

    @Test
    @DisplayName("T-4 what is below a token of a removed entity is refused, whosever it is")
    void removed_endsChildrenOfOtherEntitiesToo() {
      people.policies.put("a", "path \"auth/token/*\" { capabilities = [\"update\", \"read\"] }");
      people
          .write("auth/token/roles/r", Map.of("allowed_entity_aliases", "ann"))
          .orThrow();
      ClientToken bob = people.login("bob", "a");
      try (Session session = people.session(bob);
          Session ann = people.session(Tokens.of(session)
              .create(TokenRequest.of("a").withRole("r").withEntityAlias("ann"))
              .token()
              .orElseThrow())) {
        assertThat(ann.request(Request.read("auth/token/lookup-self")).isFailure())
            .isFalse();
        people.delete("identity/entity/id/" + people.entityOf(bob)).orThrow();
        assertThat(ann.request(Request.read("auth/token/lookup-self")).failure())
            .contains(ErrorCode.PERMISSION_DENIED);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth/token/create", "auth/token/create-orphan"})
    void child_inheritsTheEntity_orphanDoesNot(String path) {
      people.policies.put("a", "path \"auth/token/*\" { capabilities = [\"update\"] }");
      ClientToken bob = people.login("bob", "a");
      try (Session session = people.session(bob)) {
        ClientToken made = session
            .request(Request.write(path, Map.of("policies", "a")))
            .orThrow()
            .auth()
            .flatMap(auth -> auth.token())
            .orElseThrow();
        assertThat(people.entityOf(made))
            .isEqualTo(path.endsWith("orphan") ? "" : people.entityOf(bob));
      }
    }

    @Test
    @DisplayName("T-2 a child cannot be given a policy that only the entity has")
    void child_withPolicyOfTheEntity_isRefused() {
      people.policies.put("a", "path \"auth/token/create\" { capabilities = [\"update\"] }");
      ClientToken bob = people.login("bob", "a");
      give(people.entityOf(bob), "b");
      try (Session session = people.session(bob)) {
        assertRefused(
            session.request(Request.write("auth/token/create", Map.of("policies", "b"))),
            "child policies must be subset of parent");
      }
    }
  }
}
