package dev.strongroom.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest(name = "H-1 {0} is refused")
  @ValueSource(
      strings = {
        "/v1/kv/data/a/%2e%2e/b",
        "/v1/kv/data/a/../b",
        "/v1/kv/data/a/..%2fb",
        "/v1/kv/data/a%2Fb",
        "/v1/kv//data/a",
        "/v1//kv/data/a",
        "/v1/kv/data/a%00b",
        "/v1/kv/data/a%0ab",
        "/v1/kv/data/%c0%ae%c0%ae/b",
        "/v1/kv/data/a/.",
        "/v1/kv/data/./a",
        "/v1/kv/data/a\\b",
        "/v1/kv/data/a%5cb",
        "/v1/kv/data;x=1/a",
        "/v1/kv/data/a#b",
        "/v1/kv/data/%",
        "/v1/kv/data/%2",
        "/v1/kv/data/%zz",
        "/v1/kv/data/ä",
        "/v1/kv/data/%ed%a0%80",
        "/v1/kv/data/a//"
      })
  void parse_pathThatIsNotCanonical_is400(String target) {
    assertThat(statusOf(target)).isEqualTo(400);
  }

  @ParameterizedTest(name = "H-1 {0} is {1}")
  @CsvSource({
    "/v1/kv/data/%252e%252e/b, kv/data/%2e%2e/b",
    "/v1/kv/data/..., kv/data/...",
    "/v1/kv/data/a..b, kv/data/a..b",
    "/v1/kv/data/.hidden, kv/data/.hidden",
    "/v1/kv/data/a%20b, kv/data/a b",
    "/v1/kv/data/a+b, kv/data/a+b",
    "/v1/kv/data/a%3bb, kv/data/a;b",
    "/v1/kv/metadata/, kv/metadata/",
    "/v1/kv/data/%C3%A4, kv/data/ä",
    "http://host:1/v1/kv/data/a, kv/data/a"
  })
  void parse_canonicalPath_isDecodedOnce(String target, String path) {
    assertThat(parse(target).path().text()).isEqualTo(path);
  }

  @ParameterizedTest(name = "{0} is not part of the API")
  @ValueSource(
      strings = {"/", "/v1", "/V1/kv/data/a", "/v2/kv", "*", "/secret/data/a", "", "//v1/a"})
  void parse_targetOutsideTheApi_is404(String target) {
    assertThat(statusOf(target)).isEqualTo(404);
  }

  @Test
  void parse_targetThatIsTooLong_is414() {
    assertThat(statusOf("/v1/" + "a".repeat(HttpLimits.DEFAULT.targetBytes()))).isEqualTo(414);
  }

  @Test
  void parse_query_keepsOrderAndRepeatedValues() {
    RequestTarget target =
        parse("/v1/kv/data/a?version=2&x=a+b&x=%2F&empty=&flag&&ä=1".replace("ä", "%C3%A4"));
    assertThat(target.query().keySet()).containsExactly("version", "x", "empty", "flag", "ä");
    assertThat(target.query()).containsEntry("x", List.of("a b", "/"));
    assertThat(target.first("version")).isEqualTo("2");
    assertThat(target.first("empty")).isNull();
    assertThat(target.first("other")).isNull();
  }

  @Test
  void parse_tooManyParameters_is400() {
    assertThat(statusOf("/v1/a?" + "x=1&".repeat(HttpLimits.DEFAULT.queryParameters()) + "y=1"))
        .isEqualTo(400);
  }

  @ParameterizedTest(name = "H-2 seed {0}")
  @ValueSource(longs = {1, 2, 3})
  @DisplayName("H-2 random targets are decoded as another decoder does, or refused")
  void parse_randomTarget_isDecodedAsByAnother(long seed) {
    Random random = new Random(seed);
    String[] pieces = {
      "a", "b", "/", ".", "..", "%2e", "%41", "%2f", "%20", "+", "%C3%A4", ";", "%25", "-"
    };
    int accepted = 0;
    for (int i = 0; i < 10_000; i++) {
      StringBuilder path = new StringBuilder("x");
      for (int length = random.nextInt(8); length > 0; length--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        String decoded =
            URLDecoder.decode(path.toString().replace("+", "%2B"), StandardCharsets.UTF_8);
        assertThat(parse("/v1/" + path).path().text()).isEqualTo(decoded);
        accepted++;
      } catch (Refusal refused) {
        assertThat(refused.reply().status()).isEqualTo(400);
      }
    }
    assertThat(accepted).isGreaterThan(1_000);
  }

  private static RequestTarget parse(String target) {
    return RequestTarget.parse(target, HttpLimits.DEFAULT);
  }

  private static int statusOf(String target) {
    int[] status = new int[1];
    assertThatThrownBy(() -> parse(target))
        .isInstanceOfSatisfying(Refusal.class, e -> status[0] = e.reply().status());
    return status[0];
  }
}
