package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Request;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Policies with placeholders in their paths, and who is in whose. */
class TemplatesTest {
  private final IdentityFixture people = new IdentityFixture();

  @AfterEach
  void close() {
    people.close();
  }

  @Test
  void ownPath_isOpenToItsOwnerAlone() {
    people.policies.put(
        "own", "path \"notes/{{identity.entity.id}}/*\" { capabilities = [\"read\"] }");
    ClientToken bob = people.login("bob", "own");
    ClientToken eve = people.login("eve", "own");
    String own = "notes/" + people.entityOf(bob) + "/a";

    try (Session asBob = people.session(bob);
        Session asEve = people.session(eve)) {
      assertThat(people.may(asBob, own)).containsExactly("read");
      assertThat(people.may(asEve, own)).containsExactly("deny");
      assertThat(asBob.request(Request.read(own)).failure()).contains(ErrorCode.NOT_FOUND);
      assertThat(asEve.request(Request.read(own)).failure()).contains(ErrorCode.PERMISSION_DENIED);
    }
  }

  @Test
  void token_withoutEntity_hasNothingOfATemplate() {
    people.policies.put("own", """
        path "notes/{{identity.entity.id}}" { capabilities = ["read"] }
        path "notes/all"                    { capabilities = ["read"] }
        """);
    ClientToken token =
        Tokens.of(people.vault.root()).create(TokenRequest.of("own")).token().orElseThrow();
    try (Session session = people.session(token)) {
      assertThat(people.may(session, "notes/all")).containsExactly("read");
      assertThat(people.may(session, "notes/")).containsExactly("deny");
      assertThat(people.may(session, "notes/{{identity.entity.id}}")).containsExactly("deny");
    }
  }

  @Test
  void defaultPolicy_opensTheOwnEntityAlone() {
    ClientToken bob = people.login("bob");
    String id = people.entityOf(bob);
    people.write("identity/entity/id/" + id, Map.of("name", "Bob")).orThrow();
    people.id("identity/entity", Map.of("name", "eve"));

    try (Session session = people.session(bob)) {
      assertThat(session
              .request(Request.read("identity/entity/id/" + id))
              .orThrow()
              .dataOrEmpty()
              .text("name"))
          .contains("Bob");
      assertThat(session
              .request(Request.read("identity/entity/name/Bob"))
              .orThrow()
              .dataOrEmpty()
              .text("id"))
          .contains(id);
      for (String other : List.of("identity/entity/name/eve", "identity/entity/name/bob")) {
        assertThat(session.request(Request.read(other)).failure())
            .contains(ErrorCode.PERMISSION_DENIED);
      }
    }
  }

  @Test
  @DisplayName("A-12 a change of the entity counts from the next request on")
  void metadata_changed_countsFromTheNextRequestOn() {
    people.policies.put(
        "team", "path \"notes/{{identity.entity.metadata.team}}/*\" { capabilities = [\"read\"] }");
    ClientToken bob = people.login("bob", "team");
    String path = "identity/entity/id/" + people.entityOf(bob);
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/red/a")).containsExactly("deny");
      people.write(path, Map.of("metadata", Map.of("team", "red"))).orThrow();
      assertThat(people.may(session, "notes/red/a")).containsExactly("read");
      people.write(path, Map.of("metadata", Map.of("team", "blue"))).orThrow();
      assertThat(people.may(session, "notes/red/a")).containsExactly("deny");
      assertThat(people.may(session, "notes/blue/a")).containsExactly("read");
    }
  }

  @Test
  void rename_movesTheOwnPathAtOnce() {
    people.policies.put(
        "own", "path \"notes/{{identity.entity.name}}\" { capabilities = [\"read\"] }");
    ClientToken bob = people.login("bob", "own");
    String path = "identity/entity/id/" + people.entityOf(bob);
    people.write(path, Map.of("name", "bob")).orThrow();
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/bob")).containsExactly("read");
      people.write(path, Map.of("name", "robert")).orThrow();
      assertThat(people.may(session, "notes/bob")).containsExactly("deny");
      assertThat(people.may(session, "notes/robert")).containsExactly("read");
    }
  }

  @Test
  @DisplayName("A-12 leaving a group counts from the next request on")
  void group_leftOrRemoved_givesNothingAnyMore() {
    people.policies.put(
        "team", "path \"notes/{{identity.groups.names.ops.id}}\" { capabilities = [\"read\"] }");
    ClientToken bob = people.login("bob", "team");
    String member = people.entityOf(bob);
    String ops = people.id("identity/group", Map.of("name", "ops"));
    String path = "identity/group/id/" + ops;
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/" + ops)).containsExactly("deny");
      people.write(path, Map.of("member_entity_ids", List.of(member))).orThrow();
      assertThat(people.may(session, "notes/" + ops)).containsExactly("read");
      people.write(path, Map.of("member_entity_ids", List.of())).orThrow();
      assertThat(people.may(session, "notes/" + ops)).containsExactly("deny");
      people.write(path, Map.of("member_entity_ids", List.of(member))).orThrow();
      people.delete(path).orThrow();
      assertThat(people.may(session, "notes/" + ops)).containsExactly("deny");
      people.id("identity/group", Map.of("name", "ops"));
      assertThat(people.may(session, "notes/" + ops)).containsExactly("deny");
    }
  }

  @Test
  @DisplayName("A-6 what people say of themselves does not widen a policy")
  void metadata_thatIsPathSyntax_givesNothing() {
    people.policies.put("own", """
        path "notes/{{identity.entity.metadata.dir}}"  { capabilities = ["read"] }
        path "notes/{{identity.entity.metadata.dir}}*" { capabilities = ["read"] }
        """);
    ClientToken bob = people.login("bob", "own");
    try (Session session = people.session(bob)) {
      for (String dir : List.of("", "*", "+", "+/x", "../x", "a/b", "{{identity.entity.id}}")) {
        people
            .write(
                "identity/entity/id/" + people.entityOf(bob),
                Map.of("metadata", Map.of("dir", dir)))
            .orThrow();
        assertThat(people.may(session, "notes/a/b")).as(dir).containsExactly("deny");
        assertThat(people.may(session, "notes/a")).as(dir).containsExactly("deny");
      }
    }
  }

  @Test
  @DisplayName("A-6 a denial that cannot be filled in does not vanish")
  void denial_withoutValue_closesWhatItMayBeFor() {
    people.policies.put("most", """
        path "notes/*"                                  { capabilities = ["read"] }
        path "notes/{{identity.entity.metadata.not}}/*" { capabilities = ["deny"] }
        path "other/*"                                  { capabilities = ["read"] }
        """);
    ClientToken bob = people.login("bob", "most");
    String path = "identity/entity/id/" + people.entityOf(bob);
    try (Session session = people.session(bob)) {
      assertThat(session.request(Request.read("notes/a/b")).failure())
          .contains(ErrorCode.PERMISSION_DENIED);
      assertThat(people.may(session, "other/a")).containsExactly("read");
      people.write(path, Map.of("metadata", Map.of("not", "x/../a"))).orThrow();
      assertThat(people.may(session, "notes/a/b")).containsExactly("deny");
      people.write(path, Map.of("metadata", Map.of("not", "b"))).orThrow();
      assertThat(people.may(session, "notes/a/b")).containsExactly("read");
      assertThat(people.may(session, "notes/b/a")).containsExactly("deny");
    }
  }

  @Test
  void flags_letValuesBePathSyntax_andAreShown() {
    String text = """
        path "notes/{{identity.entity.metadata.dir}}/*" { capabilities = ["read"] }
        """;
    people.policies.put("own", text);
    ClientToken bob = people.login("bob", "own");
    people
        .write(
            "identity/entity/id/" + people.entityOf(bob),
            Map.of("metadata", Map.of("dir", "north/east")))
        .orThrow();
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/north/east/x")).containsExactly("deny");
      assertThat(people.read("sys/policies/acl/own").flag("allow_slashes_in_identity_templates"))
          .contains(false);
      people
          .write(
              "sys/policies/acl/own",
              Map.of("policy", text, "allow_slashes_in_identity_templates", true))
          .orThrow();
      assertThat(people.may(session, "notes/north/east/x")).containsExactly("read");
      assertThat(people.read("sys/policies/acl/own").flag("allow_slashes_in_identity_templates"))
          .contains(true);
      assertThat(people.read("sys/policies/acl/own").flag("allow_wildcards_in_identity_templates"))
          .contains(false);
    }
  }

  @Test
  void flag_forWildcards_makesThemWildcards() {
    people
        .write(
            "sys/policies/acl/own",
            Map.of(
                "policy",
                "path \"notes/{{identity.entity.metadata.dir}}\" { capabilities = [\"read\"] }",
                "allow_wildcards_in_identity_templates",
                true))
        .orThrow();
    ClientToken bob = people.login("bob", "own");
    people
        .write(
            "identity/entity/id/" + people.entityOf(bob), Map.of("metadata", Map.of("dir", "a*")))
        .orThrow();
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/abc")).containsExactly("read");
      assertThat(people.may(session, "notes/b")).containsExactly("deny");
    }
  }

  @Test
  void alias_ofTheMount_isWhatTheLoginSays() {
    people.policies.put(
        "team",
        "path \"notes/{{identity.entity.aliases." + people.accessor("notes")
            + ".metadata.team}}\" { capabilities = [\"read\"] }");
    ClientToken first = people.login("bob", Map.of("team", "red"), "team");
    try (Session session = people.session(first)) {
      assertThat(people.may(session, "notes/red")).containsExactly("read");
      people.login("bob", Map.of("team", "blue"), "team");
      assertThat(people.may(session, "notes/red")).containsExactly("deny");
      assertThat(people.may(session, "notes/blue")).containsExactly("read");
    }
  }

  @Test
  void policyChange_withTemplates_countsFromTheNextRequestOn() {
    people.policies.put(
        "own", "path \"notes/{{identity.entity.name}}\" { capabilities = [\"read\"] }");
    ClientToken bob = people.login("bob", "own");
    people
        .write("identity/entity/id/" + people.entityOf(bob), Map.of("name", "bob"))
        .orThrow();
    try (Session session = people.session(bob)) {
      assertThat(people.may(session, "notes/bob")).containsExactly("read");
      people.policies.put(
          "own", "path \"other/{{identity.entity.name}}\" { capabilities = [\"list\"] }");
      assertThat(people.may(session, "notes/bob")).containsExactly("deny");
      assertThat(people.may(session, "other/bob")).containsExactly("list");
    }
  }
}
