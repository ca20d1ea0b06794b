package dev.strongroom.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomMetadataTest {
  private static final String FAILED = "custom_metadata validation failed: ";

  @Test
  void parse_scalars_becomeTheirText() {
    Map<String, ?> members = Payload.parse(
            "{\"i\":1,\"f\":1.50,\"e\":1e2,\"t\":true,\"n\":false,\"s\":\"x y\"}")
        .toMap();

    assertThat(CustomMetadata.parse(members))
        .isEqualTo(Map.of("i", "1", "f", "1.50", "e", "1e2", "t", "1", "n", "0", "s", "x y"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"x\":{\"y\":\"hunter2\"}}", "{\"x\":[\"hunter2\"]}", "{\"x\":{}}"})
  void parse_objectOrArray_isRefused(String members) {
    assertRefused(Payload.parse(members).toMap())
        .hasMessage(FAILED + "values must be strings")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void parse_nullOrEmptyValue_isRefused() {
    Map<String, Object> members = new HashMap<>();
    members.put("x", null);

    assertRefused(members)
        .hasMessage(
            FAILED + "length of value for key \"x\" is 0 but must be 0 < len(value) <= 512");
    assertRefused(Map.of("x", ""))
        .hasMessage(
            FAILED + "length of value for key \"x\" is 0 but must be 0 < len(value) <= 512");
  }

  @Test
  void parse_emptyName_isRefused() {
    assertRefused(Map.of("", "v"))
        .hasMessage(FAILED + "length of key \"\" is 0 but must be 0 < len(key) <= 128");
  }

  @Test
  void parse_longestNamesAndValues_areTaken() {
    Map<String, String> members = Map.of("k".repeat(128), "v".repeat(512), "é".repeat(64), "v");

    assertThat(CustomMetadata.parse(members)).isEqualTo(members);
  }

  @DisplayName("K-4 names have 128 bytes and values 512")
  @Test
  void parse_oneByteMore_isRefused() {
    String name = "é".repeat(64) + "k";

    assertRefused(Map.of(name, "v"))
        .hasMessage(
            FAILED + "length of key \"" + name + "\" is 129 but must be 0 < len(key) <= 128");
    assertRefused(Map.of("x", "é".repeat(256) + "v"))
        .hasMessage(
            FAILED + "length of value for key \"x\" is 513 but must be 0 < len(value) <= 512");
  }

  @Test
  void parse_64Entries_areTaken() {
    assertThat(CustomMetadata.parse(entries(64))).hasSize(64);
  }

  @DisplayName("K-4 custom metadata have at most 64 entries")
  @Test
  void parse_65Entries_isRefusedForThatAlone() {
    Map<String, String> members = entries(65);
    members.put("k0", "");

    assertRefused(members).hasMessage(FAILED + "payload must contain at most 64 keys, provided 65");
  }

  /** Names are quoted as Go does, and nothing unprintable is repeated. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'a\nb', a\\nb",
    "'a\u0000', a\\x00",
    "'\u0007\b\f\r\t\u000B\u007F', \\a\\b\\f\\r\\t\\v\\x7f",
    "'a\u00A0', a\\u00a0",
    "'\u200E\"\\', '\\u200e\\\"\\\\'",
    "'\uDB40\uDC01', \\U000e0001"
  })
  void parse_unprintableName_isRefusedAndEscaped(String name, String escaped) {
    assertRefused(Map.of(name, "v"))
        .hasMessage(
            FAILED + "key \"" + escaped + "\" (" + escaped + ") contains unprintable characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2\n", "hunter2\u0000", "\u00A0hunter2", "hunter2\u2028"})
  void parse_unprintableValue_isRefusedWithoutIt(String value) {
    assertRefused(Map.of("x", value))
        .hasMessage(FAILED + "value for key \"x\" contains unprintable characters");
  }

  @Test
  void parse_severalFaults_namesThemAll() {
    assertRefused(Map.of("x", "", "y\t", "v"))
        .hasMessageContaining(FAILED + "length of value for key \"x\" is 0")
        .hasMessageContaining(FAILED + "key \"y\\t\" (y\\t) contains unprintable characters")
        .hasMessageContaining("; ");
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Map<String, ?> members) {
    return assertThatThrownBy(() -> CustomMetadata.parse(members))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
  }

  private static Map<String, String> entries(int number) {
    return IntStream.range(0, number)
        .boxed()
        .collect(Collectors.toMap(i -> "k" + i, i -> "v", (a, b) -> a, HashMap::new));
  }
}
