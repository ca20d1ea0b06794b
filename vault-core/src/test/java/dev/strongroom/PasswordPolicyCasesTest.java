package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases of {@code password-policy.json}, which explains itself. */
class PasswordPolicyCasesTest {
  private static final int SAMPLES = 50;

  private final InMemoryVault vault = Vault.inMemory();

  @AfterEach
  void close() {
    vault.close();
  }

  private record Case(Map<?, ?> json) {
    boolean has(String name) {
      return json.containsKey(name);
    }

    String text(String name) {
      return (String) json.get(name);
    }

    int number(String name) {
      return ((Number) json.get(name)).intValue();
    }

    List<?> texts(String name) {
      return json.get(name) instanceof List<?> list ? list : List.of();
    }

    String path() {
      return "sys/policies/password/" + (has("name") ? text("name") : "p");
    }

    @Override
    public String toString() {
      return text("id");
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream in =
        PasswordPolicyCasesTest.class.getResourceAsStream("password-policy.json")) {
      List<?> all = (List<?>) Payload.parse(in.readAllBytes()).toMap().get("cases");
      return all.stream().map(each -> new Case((Map<?, ?>) each));
    }
  }

  @Test
  void cases_allAreRead() throws IOException {
    assertThat(cases()).hasSize(31);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void policy_isTakenRefusedAndUsed_asInTheCase(Case given) {
    Response first = ask(given);
    assertThat(status(first)).isEqualTo(given.number("status"));
    String errors = String.join("\n", first.errors());
    given.texts("errors_contain").forEach(text -> assertThat(errors).contains((String) text));
    if (given.has("stored")) {
      assertThat(read(given.path()).dataOrEmpty().text("policy")).contains(given.text("stored"));
    }
    if (given.has("generate_status")) {
      Response generated = read(given.path() + "/generate");
      assertThat(status(generated)).isEqualTo(given.number("generate_status"));
      String texts = String.join("\n", generated.errors());
      given.texts("generate_errors_contain").forEach(text -> assertThat(texts)
          .contains((String) text));
    }
    if (given.json.get("generated") instanceof Map<?, ?> wanted) {
      for (int i = 0; i < SAMPLES; i++) {
        assertKeeps(
            new Case(wanted),
            read(given.path() + "/generate").dataOrEmpty().text("password").orElseThrow());
      }
    }
  }

  private Response ask(Case given) {
    String operation = given.has("op") ? given.text("op") : "write";
    return switch (operation) {
      case "read" -> read(given.path());
      case "generate" -> read(given.path() + "/generate");
      default ->
        vault
            .root()
            .request(Request.write(
                given.path(),
                given.has("policy") ? Map.of("policy", given.text("policy")) : Map.of()));
    };
  }

  private Response read(String path) {
    return vault.root().request(Request.read(path));
  }

  private static void assertKeeps(Case wanted, String password) {
    assertThat(password.codePointCount(0, password.length())).isEqualTo(wanted.number("length"));
    assertThat(count(password, wanted.text("charset"))).isEqualTo(wanted.number("length"));
    wanted.texts("min").forEach(min -> {
      Case rule = new Case((Map<?, ?>) min);
      assertThat(count(password, rule.text("charset")))
          .isGreaterThanOrEqualTo(rule.number("count"));
    });
  }

  private static long count(String password, String charset) {
    return password.codePoints().filter(c -> charset.indexOf(c) >= 0).count();
  }

  private static int status(Response response) {
    return response
        .failure()
        .map(code -> switch (code) {
          case INVALID_REQUEST -> 400;
          case NOT_FOUND -> 404;
          default -> 500;
        })
        .orElse(response.isEmpty() ? 204 : 200);
  }
}
