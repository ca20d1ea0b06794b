package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTestCommandTest {
  @TempDir
  Path folder;

  @BeforeEach
  void writePolicy() throws IOException {
    Files.writeString(folder.resolve("app.hcl"), """
        path "secret/data/app/*" { capabilities = ["read"] }
        path "sys/audit" { capabilities = ["read"] }
        path "transit/keys/+" {
          capabilities = ["update"]
          allowed_parameters = { "type" = ["aes, 256"], "bits" = [256], "tags" = [["a", "b"]] }
        }
        path "auth/token/create" {
          capabilities = ["update"]
          min_wrapping_ttl = "1m"
        }
        """);
  }

  private Run test(String expectations) throws IOException {
    Path file = Files.writeString(folder.resolve("app.expectations"), expectations);
    return Run.of("policy", "test", file.toString());
  }

  @Test
  void test_everythingAsExpected_endsWithZero() throws IOException {
    Run run = test("""
        # The application reads its own.
        policy app.hcl

        read,   secret/data/app/db,  allow
        list,   secret/data/app,     deny
        read,   sys/audit,           allow
        read,   sys/audit,           deny,   sudo
        update, transit/keys/a,      allow,  "type=aes, 256", bits=256, tags=["a", "b"]
        update, transit/keys/a,      deny,   type=aes
        update, auth/token/create,   deny
        update, auth/token/create,   allow,  wrap=60s
        """);
    assertThat(run).isEqualTo(new Run(0, "8 expectations, 0 not met\n", ""));
  }

  @Test
  void test_asJson_listsWhatIsNotMet() throws IOException {
    Path file = Files.writeString(folder.resolve("app.expectations"), """
        policy app.hcl
        read,   secret/data/app/db, allow
        read,   other/x,            allow
        """);
    Run run = Run.of("policy", "test", "-format=json", file.toString());
    assertThat(run.code()).isEqualTo(1);
    Payload json = Payload.parse(run.out());
    assertThat(json.number("expectations")).contains(2);
    assertThat(json.toMap().get("not_met"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .singleElement()
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("file", file.toString())
        .containsEntry("line", 3)
        .containsEntry("expected", "allow")
        .containsKey("explanation");
  }

  @Test
  void test_differences_areNamedByLineAndExplained() throws IOException {
    Run run = test("""
        policy app.hcl
        read,   secret/data/app/db, allow
        read,   other/x,            allow
        read,   secret/data/app/db, deny
        """);
    String policy = folder.resolve("app.hcl").toString();
    String file = folder.resolve("app.expectations").toString();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("""
        %1$s:3: expected allow
          denied: read other/x
            decided by  no rule
            missing     no rule matches the path
        %1$s:4: expected deny
          allowed: read secret/data/app/db
            decided by  "secret/data/app/*" of %2$s:1 [read]
        3 expectations, 2 not met
        """.formatted(file, policy));
  }

  @Test
  void test_policiesOfTheCommand_countFromTheStart() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "read, secret/data/app/db, allow\n");
    assertThat(Run.of(
                "policy",
                "test",
                file.toString(),
                "--policy",
                folder.resolve("app.hcl").toString())
            .code())
        .isZero();
  }

  @Test
  void test_policyNamedLater_countsFromThereOn() throws IOException {
    Files.writeString(folder.resolve("more.hcl"), "path \"more\" { capabilities = [\"read\"] }");
    Run run = test("""
        policy app.hcl
        read, more, deny
        policy more.hcl
        read, more, allow
        """);
    assertThat(run.code()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "read, secret",
        "reed, secret, allow",
        "read, secret, yes",
        "read, a//b, allow",
        "update, a/, allow",
        "read, secret, allow, =x",
        "read, secret, allow, wrap=never",
        "read, \"secret, allow",
        "policy",
        "policy none.hcl\nread, secret, allow",
        "read, secret, allow"
      })
  void test_lineThatIsNoExpectation_hasNoAnswer(String line) throws IOException {
    Run run = test(line + "\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("test: ");
  }
}
