package dev.strongroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyExplainCommandTest {
  @TempDir
  Path folder;

  private String app;
  private String base;

  @BeforeEach
  void writePolicies() throws IOException {
    app = file("app.hcl", """
        # What the application does.
        path "secret/data/app/*" { capabilities = ["read"] }
        path "secret/data/app/fixed" {
          capabilities = ["update"]
          allowed_parameters = { "data" = [], "ttl" = ["5m"] }
          max_wrapping_ttl = "60s"
        }
        """);
    base = file("base.hcl", """
        path "secret/data/+/shared" { capabilities = ["read", "list"] }
        path "sys/seal" { capabilities = ["update"] }
        """);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void explain_allowedRequest_namesTheRuleAndItsLine() {
    Run run = Run.of("policy", "explain", app, base, "-o", "read", "-p", "secret/data/app/db");
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("""
        allowed: read secret/data/app/db
          decided by  "secret/data/app/*" of %s:2 [read]
          near        "secret/data/app/fixed" of %s:3 [update]: has "fixed" instead of "db"
          near        "secret/data/+/shared" of %s:1 [list, read]: has "shared" instead of "db"
        """.formatted(app, app, base));
  }

  @Test
  void explain_asJson_hasTheMembersOfTheEndpoint() {
    Run run = Run.of("policy", "explain", app, "-o=read", "-p=secret/data/app/db", "-format=json");
    assertThat(run.code()).isZero();
    Payload json = Payload.parse(run.out());
    assertThat(json.flag("allowed")).contains(true);
    assertThat(json.text("operation")).contains("read");
    assertThat(json.object("decided_by").orElseThrow().text("pattern"))
        .contains("secret/data/app/*");
    assertThat(json.has("near")).isTrue();

    Run denied = Run.of("policy", "explain", app, "-o=read", "-p=other", "-format=json");
    assertThat(denied.code()).isEqualTo(1);
    assertThat(denied.out()).contains("\"decided_by\": null").contains("\"kind\": \"rule\"");
  }

  @Test
  void explain_capabilityThatAnotherRuleGives_isDeniedAndShowsIt() {
    Run run =
        Run.of("policy", "explain", app, base, "--operation=read", "--path=secret/data/app/fixed");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("denied: read secret/data/app/fixed\n")
        .contains("missing     the rule does not give \"read\"\n")
        .contains("near        \"secret/data/app/*\" of " + app
            + ":2 [read]: matches, too, but is less specific\n");
  }

  @Test
  void explain_constraintsNotMet_namesEachKindOnce() {
    Run run = Run.of(
        "policy",
        "explain",
        app,
        "-o",
        "update",
        "-p",
        "secret/data/app/fixed",
        "--param",
        "ttl=6m");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "missing     the response must be wrapped, with a lifetime of at most 60 seconds\n");
    Run wrapped = Run.of(
        "policy",
        "explain",
        app,
        "-o",
        "update",
        "-p",
        "secret/data/app/fixed",
        "--param",
        "ttl=6m",
        "--wrap-ttl",
        "60s");
    assertThat(wrapped.code()).isEqualTo(1);
    assertThat(wrapped.out())
        .contains("missing     parameter \"ttl\" is not allowed, or its value is not\n")
        .doesNotContain("6m");
    Run right = Run.of(
        "policy",
        "explain",
        app,
        "-o",
        "update",
        "-p",
        "secret/data/app/fixed",
        "--params",
        "{\"ttl\": \"5m\", \"data\": {\"a\": 1}}",
        "--wrap-ttl",
        "60s");
    assertThat(right.code()).isZero();
  }

  @Test
  void explain_pathThatNeedsSudo_saysSo() {
    Run run = Run.of("policy", "explain", base, "-o", "update", "-p", "sys/seal", "--sudo");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).contains("the path needs \"sudo\" besides");
  }

  @Test
  void explain_noRule_showsWhatIsNear() {
    Run run = Run.of("policy", "explain", app, "-o", "read", "-p", "secret/dta/app/db");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEqualTo("""
        denied: read secret/dta/app/db
          decided by  no rule
          missing     no rule matches the path
          near        "secret/data/app/*" of %s:2 [read]: has "data" instead of "dta"
        """.formatted(app));
  }

  @Test
  void explain_textThatIsNoPolicy_namesFileLineAndColumn() throws IOException {
    String bad = file("bad.hcl", "path \"a\" {\n  capabilities = [\"raed\"]\n}\n");
    Run run = Run.of("policy", "explain", bad, "-o", "read", "-p", "a");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("explain: " + bad
            + ": failed to parse policy: At 2:19: path \"a\": invalid capability \"raed\"\n");
  }

  @Test
  void explain_aFileNotInUtf8_isNamed() throws IOException {
    Path latin1 = Files.write(folder.resolve("latin1.hcl"), new byte[] {'#', (byte) 0xe4});

    Run run = Run.of("policy", "explain", latin1.toString(), "-o", "read", "-p", "a");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).isEqualTo("explain: " + latin1 + ": not in UTF-8\n");
  }

  @Test
  void explain_wrongUse_hasNoAnswer() {
    assertThat(Run.of("policy", "explain", app, "-o", "reed", "-p", "a").code()).isEqualTo(2);
    assertThat(Run.of("policy", "explain", app, "-o", "read", "-p", "a//b").code())
        .isEqualTo(2);
    assertThat(Run.of("policy", "explain", app, "-o", "read").code()).isEqualTo(2);
    assertThat(Run.of("policy").code()).isEqualTo(2);
    assertThat(
            Run.of("policy", "explain", folder.resolve("none").toString(), "-o", "read", "-p", "a"))
        .extracting(Run::code)
        .isEqualTo(2);
  }
}
