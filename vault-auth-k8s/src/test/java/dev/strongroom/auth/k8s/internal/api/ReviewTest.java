package dev.strongroom.auth.k8s.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.auth.k8s.internal.api.Review.Complaint;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewTest {
  private static Review read(String json) throws ApiFailure {
    return Review.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void read_goodToken_saysWhose() throws ApiFailure {
    Review review = read("""
        {"kind":"TokenReview","status":{"authenticated":true,
         "user":{"username":"system:serviceaccount:a:b","uid":"1"},"audiences":["x","y"]}}""");

    assertThat(review.authenticated()).isTrue();
    assertThat(review.username()).isEqualTo("system:serviceaccount:a:b");
    assertThat(review.uid()).isEqualTo("1");
    assertThat(review.audiences()).containsExactly("x", "y");
    assertThat(review.complaint()).isEmpty();
  }

  @Test
  void read_falseIsLeftOut_isNotAuthenticated() throws ApiFailure {
    assertThat(read("{\"status\":{\"user\":{}}}").authenticated()).isFalse();
    assertThat(read("{\"status\":{\"authenticated\":null}}").authenticated()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "<html>login</html>",
        "{\"kind\":\"Status\",\"status\":\"Failure\"}",
        "{\"kind\":\"Status\",\"status\":{\"authenticated\":true}}",
        "{\"kind\":1,\"status\":{\"authenticated\":true}}",
        "{\"status\":{\"authenticated\":\"true\"}}",
        "{\"status\":{\"authenticated\":1}}",
        "{\"status\":{\"authenticated\":true,\"authenticated\":true}}",
        "{\"status\":{\"authenticated\":true,\"user\":\"a\"}}",
        "{\"status\":{\"authenticated\":true,\"user\":{\"username\":[\"a\"]}}}",
        "{\"status\":{\"authenticated\":true,\"error\":{}}}",
        "{\"status\":{\"authenticated\":true,\"audiences\":\"vault\"}}",
        "{\"status\":{\"authenticated\":true,\"audiences\":[\"vault\",1]}}",
        "{\"status\":{\"authenticated\":true}}{}"
      })
  void read_whatIsNoReview_isAFailure(String body) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            ApiFailure.class, e -> assertThat(e.kind()).isEqualTo(ApiFailure.Kind.NO_ANSWER));
  }

  /** Texts of Kubernetes v1.30. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
        [invalid bearer token, service account token has expired]              | EXPIRED
        [invalid bearer token, service account token is not valid yet]         | NOT_YET_VALID
        [invalid bearer token, service account token has been invalidated]     | INVALIDATED
        service account UID (a) does not match claim (b)                       | RECREATED
        serviceaccounts "app" not found                                        | UNKNOWN_ACCOUNT
        token audiences ["a"] is invalid for the target audiences ["b"]        | AUDIENCE
        invalid bearer token                                                   | OTHER
        """)
  void read_error_becomesAComplaint(String error, Complaint expected) throws ApiFailure {
    String json = "{\"status\":{\"error\":\"" + error.replace("\"", "\\\"") + "\"}}";

    assertThat(read(json).complaint()).contains(expected);
  }

  @Test
  void labels_ofTheNamespace_areTexts() throws ApiFailure {
    assertThat(labels("""
        {"kind":"Namespace","metadata":{"name":"a","labels":{"team":"x"}}}""")).isEqualTo(Map.of("team", "x"));
    assertThat(labels("{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"a\"}}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"metadata\":{\"name\":\"a\",\"labels\":{\"team\":\"x\"}}}",
        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"labels\":{\"team\":\"x\"}}}",
        "{\"kind\":\"Namespace\",\"metadata\":{\"labels\":{\"team\":\"x\"}}}",
        "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"b\",\"labels\":{\"team\":\"x\"}}}",
        "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"a\",\"labels\":{\"team\":1}}}",
        "{\"kind\":\"Namespace\",\"metadata\":\"a\"}"
      })
  void labels_ofSomethingElse_areAFailure(String body) {
    assertThatThrownBy(() -> labels(body)).isInstanceOf(ApiFailure.class);
  }

  private static Map<String, String> labels(String body) throws ApiFailure {
    return NamespaceLabels.read(body.getBytes(StandardCharsets.UTF_8), "a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1:6443",
        "localhost",
        "",
        "/",
        "ftp://a",
        "https://",
        "https://u:p@a",
        "https://a?b",
        "https://a#b",
        "https://a:0",
        "https://a:70000",
        "https://a b",
        "file:///etc/passwd",
        "//a"
      })
  void address_withoutSchemeAndHost_isNone(String text) {
    assertThat(ApiServer.isAddress(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a/, https://a/x",
    "https://a, https://a/x",
    "https://[::1]:6443, https://[::1]:6443/x",
    "http://10.0.0.1/k8s/c-1/, http://10.0.0.1/k8s/c-1/x"
  })
  void address_oneSlashAtItsEnd_doesNotCount(String text, String expected) throws ApiFailure {
    assertThat(ApiAddress.parse(text).resolve("/x")).hasToString(expected);
  }

  @Test
  void uid_ofTheAccount_isRead() throws ApiFailure {
    assertThat(uid("""
        {"kind":"ServiceAccount","metadata":{"namespace":"a","name":"b","uid":"1"}}""")).contains("1");
  }

  @Test
  void uid_ofAnAccountThatIsBeingDeleted_isNone() throws ApiFailure {
    assertThat(uid("""
        {"kind":"ServiceAccount","metadata":{"namespace":"a","name":"b","uid":"1",
        "deletionTimestamp":"2026-01-01T00:00:00Z"}}""")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"metadata\":{\"namespace\":\"a\",\"name\":\"b\",\"uid\":\"1\"}}",
        "{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"a\",\"name\":\"b\",\"uid\":\"1\"}}",
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"b\",\"uid\":\"1\"}}",
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"c\",\"name\":\"b\",\"uid\":\"1\"}}",
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"a\",\"name\":\"c\",\"uid\":\"1\"}}",
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"a\",\"name\":\"b\"}}",
        "{\"kind\":\"ServiceAccount\",\"metadata\":{\"namespace\":\"a\",\"name\":\"b\",\"uid\":1}}"
      })
  void uid_ofSomethingElse_isAFailure(String body) {
    assertThatThrownBy(() -> uid(body)).isInstanceOf(ApiFailure.class);
  }

  private static Optional<String> uid(String body) throws ApiFailure {
    return AccountUid.read(body.getBytes(StandardCharsets.UTF_8), "a", "b");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"kind":"Status","details":{"kind":"serviceaccounts","name":"b"}} | true
        {"kind":"Status","details":{"kind":"serviceaccounts","name":"c"}} | false
        {"kind":"Status","details":{"kind":"namespaces","name":"b"}}      | false
        {"kind":"Status","details":{"kind":"serviceaccounts"}}            | false
        {"kind":"Status","details":"b"}                                   | false
        {"details":{"kind":"serviceaccounts","name":"b"}}                 | false
        404 page not found                                                | false
        """)
  void missingAccount_isOneThatTheApiNames(String body, boolean expected) {
    assertThat(AccountUid.isMissing(body.getBytes(StandardCharsets.UTF_8), "b"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "A", "a..b", ".a", "a.", "a/b", "..", "-a", "a-", "a.-b", "a%2f", "a?x"})
  void account_thatIsNoDnsName_isNone(String text) {
    assertThat(ApiServer.isAccount(text)).isFalse();
    assertThat(ApiServer.isAccount("a".repeat(254))).isFalse();
    assertThat(ApiServer.isAccount("my-app.v1")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a.b", "a/b", "..", "-a", "a-", "a%2f", "a?x", "ä"})
  void namespace_thatIsNoLabel_isNone(String text) {
    assertThat(ApiServer.isNamespace(text)).isFalse();
    assertThat(ApiServer.isNamespace("a".repeat(64))).isFalse();
    assertThat(ApiServer.isNamespace("a-1")).isTrue();
  }
}
