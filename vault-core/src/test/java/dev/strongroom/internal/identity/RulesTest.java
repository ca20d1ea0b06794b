package dev.strongroom.internal.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
  private static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @ParameterizedTest(name = "{0} and {1}")
  @CsvSource({
    "Bob, bob",
    "Straße, STRASSE",
    "ﬁ, fi",
    "ＡＤＭＩＮ, admin",
    "\u212Aelvin, kelvin",
    "ſystem, system",
    "ADMıN, admin"
  })
  @DisplayName("I-5 names that people take for the same are the same in the index")
  void fold_lookalikes_isOneText(String one, String other) {
    assertThat(Rules.fold(one)).isEqualTo(Rules.fold(other));
  }

  @Test
  @DisplayName("I-5 the JVM's language does not count")
  void fold_inTurkish_isTheSame() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(Rules.fold("ADMIN")).isEqualTo("admin");
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " bob", "bob ", "a\u0301", "a\u0000", "a\nb", "a\u202Eb", "\uD800", "a\u00A0"})
  void requireName_notCanonical_isRefused(String name) {
    assertRefused(() -> Rules.requireName(name), ErrorCode.INVALID_REQUEST, "names ");
  }

  @Test
  void requireName_tooLong_isRefused() {
    assertThat(Rules.requireName("é".repeat(256))).hasSize(256);
    assertRefused(
        () -> Rules.requireName("é".repeat(257)), ErrorCode.INVALID_REQUEST, "1 to 512 bytes");
    // 512 bytes that become many more in the index.
    assertRefused(
        () -> Rules.requireName("\uFDFA".repeat(170)), ErrorCode.INVALID_REQUEST, "1 to 512 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "/a", "a/", "..", "a/../b", "."})
  void requirePathName_thatNoPathCanHold_isRefused(String name) {
    assertRefused(() -> Rules.requirePathName(name), ErrorCode.INVALID_REQUEST, "names must");
    assertThat(Rules.requirePathName("Team A/böb")).isEqualTo("Team A/böb");
  }

  @Test
  void policies_areFoldedSortedAndEachOnce() {
    assertThat(Rules.policies(List.of("b", " A", "", "a"))).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "Root", " root", "ROOT "})
  @DisplayName("I-1 no identity can be given root, in no spelling")
  void policies_withRoot_isRefused(String name) {
    assertRefused(
        () -> Rules.policies(List.of("a", name)),
        ErrorCode.INVALID_REQUEST,
        "policies cannot contain root");
  }

  @Test
  void policies_reservedUnprintableOrTooMany_isRefused() {
    assertRefused(
        () -> Rules.policies(List.of("response-wrapping")),
        ErrorCode.INVALID_REQUEST,
        "cannot assign policy \"response-wrapping\"");
    assertRefused(
        () -> Rules.policies(List.of("root\u0000")), ErrorCode.INVALID_REQUEST, "printable");
    assertRefused(
        () -> Rules.policies(IntStream.range(0, 101).mapToObj(i -> "p" + i).toList()),
        ErrorCode.LIMIT_EXCEEDED,
        "at most 100 policies");
  }

  @Test
  void metadata_withinTheLimits_isTaken() {
    Map<String, String> pairs = new HashMap<>();
    IntStream.range(0, 63).forEach(i -> pairs.put("key" + i, ""));
    pairs.put("k".repeat(128), "v".repeat(512));
    assertThat(Rules.metadata("entity", pairs)).isEqualTo(pairs);
    pairs.put("another", "");
    assertRefused(
        () -> Rules.metadata("entity", pairs), ErrorCode.LIMIT_EXCEEDED, "at most 64 pairs");
  }

  @Test
  void metadata_wrongKeyOrLength_isRefusedWithoutTheValue() {
    assertRefused(
        () -> Rules.metadata("group", Map.of("a.b", "CANARY")),
        ErrorCode.INVALID_REQUEST,
        "invalid group metadata: key contains invalid characters");
    assertRefused(
        () -> Rules.metadata("entity", Map.of("vault-x", "v")),
        ErrorCode.INVALID_REQUEST,
        "key prefix \"vault-\" is reserved");
    assertRefused(
        () -> Rules.metadata("entity", Map.of("k", "CANARY".repeat(100))),
        ErrorCode.LIMIT_EXCEEDED,
        "invalid entity metadata: keys have at most 128 bytes, values 512");
    assertThatThrownBy(() -> Rules.metadata("entity", Map.of("k", "CANARY".repeat(100))))
        .message()
        .doesNotContain("CANARY");
  }

  @Test
  void customMetadata_emptyOrUnprintable_isRefused() {
    assertThat(Rules.customMetadata(Map.of("any key.", "v"))).hasSize(1);
    for (Map<String, String> wrong :
        List.of(Map.of("", "v"), Map.of("k", ""), Map.of("k\n", "v"), Map.of("k", "v\u0000"))) {
      assertRefused(
          () -> Rules.customMetadata(wrong),
          ErrorCode.INVALID_REQUEST,
          "custom_metadata validation failed: ");
    }
    assertThat(Rules.customMetadata(Collections.emptyMap())).isEmpty();
  }
}
