package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordPoliciesTest {
  private static final String PATH = "sys/policies/password/";
  private static final String POLICY = "length = 8\nrule \"charset\" { charset = \"ab\" }";

  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("made", Mount.of(new PasswordEngine())));

  @AfterEach
  void close() {
    vault.close();
  }

  /** An engine that makes a password by the policy of a name. */
  private static final class PasswordEngine implements EngineType {
    @Override
    public String name() {
      return "passwords";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of(Route.at("{name...}", "A password.")
              .on(
                  Operation.READ,
                  call -> Response.of(Payload.of(Map.of(
                      "password", new String(context.generatePassword(call.captured("name"))))))));
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }
  }

  private void write(String name, String text) {
    vault.root().request(Request.write(PATH + name, Map.of("policy", text))).orThrow();
  }

  private Response read(String path) {
    return vault.root().request(Request.read(path));
  }

  @Test
  void names_withSlashesAndCapitals_areListedByFolder() {
    assertThat(vault.root().request(Request.list(PATH)).isMissing()).isTrue();
    write("b", POLICY);
    write("B", POLICY);
    write("team/a", POLICY);
    assertThat(vault.root().request(Request.list(PATH)).dataOrEmpty().texts("keys"))
        .containsExactly("B", "b", "team/");
    assertThat(vault.root().request(Request.list(PATH + "team")).dataOrEmpty().texts("keys"))
        .containsExactly("a");
  }

  @Test
  void policy_writtenAgainAndDeleted_isReplacedAndGone() {
    write("p", POLICY);
    write("p", POLICY.replace("ab", "cd"));
    assertThat(read(PATH + "p/generate").dataOrEmpty().text("password").orElseThrow())
        .matches("[cd]{8}");
    vault.root().request(Request.delete(PATH + "p")).orThrow();
    vault.root().request(Request.delete(PATH + "p")).orThrow();
    assertThat(read(PATH + "p").errors()).containsExactly("policy does not exist");
  }

  @Test
  void policy_thatIsRefused_leavesTheOneBefore() {
    write("p", POLICY);
    Response refused =
        vault.root().request(Request.write(PATH + "p", Map.of("policy", "length = 3")));
    assertThat(refused.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(read(PATH + "p").dataOrEmpty().text("policy")).contains(POLICY);
  }

  @Test
  void engine_asksForAPassword_getsOneByThatPolicyOrTheBuiltInOne() {
    write("p", POLICY);
    assertThat(read("made/p").dataOrEmpty().text("password").orElseThrow()).matches("[ab]{8}");
    assertThat(read("made/").dataOrEmpty().text("password").orElseThrow())
        .matches("[a-zA-Z0-9-]{20}");
    assertThat(read("made/none").failure()).contains(ErrorCode.NOT_FOUND);
  }

  @Test
  void client_doesAllOfIt() {
    PasswordPolicies passwords = PasswordPolicies.of(vault.root());
    assertThat(passwords.list()).isEmpty();
    assertThat(passwords.get("p")).isEmpty();
    passwords.put("p", POLICY);
    assertThat(passwords.get("p")).contains(POLICY);
    assertThat(passwords.generate("p")).matches("[ab]{8}");
    assertThat(passwords.list()).containsExactly("p");
    passwords.delete("p");
    assertThatThrownBy(() -> passwords.generate("p"))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
