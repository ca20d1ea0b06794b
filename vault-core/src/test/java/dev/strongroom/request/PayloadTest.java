package dev.strongroom.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
  private static final String TEXT =
      "{\"text\":\"t\",\"number\":1.0,\"flag\":true,\"null\":null,\"object\":{\"a\":[1]},\"texts\":[\"x\",2,\"y\"]}";

  static Stream<Arguments> sources() {
    byte[] utf8 = TEXT.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        arguments("text", Payload.parse(TEXT)),
        arguments("bytes", Payload.parse(utf8)),
        arguments("stored", Payload.ofStored(utf8)),
        arguments("map", Payload.of(Payload.parse(TEXT).toMap())),
        arguments("lazy", Payload.lazy(() -> Payload.parse(TEXT).toMap())));
  }

  @ParameterizedTest(name = "from {0}")
  @MethodSource("sources")
  void members_whereverTheyComeFrom_areReadByType(String source, Payload payload) {
    assertThat(payload.text("text")).contains("t");
    assertThat(payload.text("number")).contains("1.0");
    assertThat(payload.text("flag")).contains("true");
    assertThat(payload.number("number")).hasValueSatisfying(n -> assertThat(n).hasToString("1.0"));
    assertThat(payload.flag("flag")).contains(true);
    assertThat(payload.object("object").flatMap(o -> o.get("a"))).contains(List.of(1));
    assertThat(payload.texts("texts")).containsExactly("x", "y");
    assertThat(payload.has("null")).isTrue();
    assertThat(payload.get("null")).isEmpty();
    assertThat(payload.get("flag")).contains(true);
    assertThat(payload.isEmpty()).isFalse();
    assertThat(payload.toJson()).asString(StandardCharsets.UTF_8).isEqualTo(TEXT);
    assertThat(payload.toMap()).isEqualTo(Payload.parse(TEXT).toMap());
    assertThat(payload).hasToString("Payload[redacted]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "null", "object", "texts", "number", "text", "flag"})
  void members_ofAnotherType_areNotThere(String name) {
    Payload payload = Payload.parse(TEXT);

    assertThat(Stream.of(
                name.equals("text") || name.equals("number") || name.equals("flag")
                    ? Optional.empty()
                    : payload.text(name),
                name.equals("number") ? Optional.empty() : payload.number(name),
                name.equals("flag") ? Optional.empty() : payload.flag(name),
                name.equals("object") ? Optional.empty() : payload.object(name))
            .flatMap(Optional::stream))
        .isEmpty();
    assertThat(name.equals("texts") ? List.of() : payload.texts(name)).isEmpty();
  }

  @Test
  void pairs_ofAnObject_areTextsInTheirOrder() {
    Payload payload = Payload.parse("{\"o\":{\"b\":\"x\",\"a\":1.0,\"n\":null},\"t\":\"x\"}");

    assertThat(payload.pairs("o"))
        .containsExactly(entry("b", "x"), entry("a", "1.0"), entry("n", "null"));
    assertThat(payload.pairs("t")).isEmpty();
    assertThat(payload.pairs("missing")).isEmpty();
  }

  @Nested
  class Copying {
    @Test
    void of_mutableArguments_areCopiedAllTheWayDown() {
      List<Object> list = new ArrayList<>(List.of(1));
      Map<String, Object> inner = new LinkedHashMap<>(Map.of("list", list));
      Map<String, Object> members = new LinkedHashMap<>(Map.of("inner", inner));
      Payload payload = Payload.of(members);

      list.add(2);
      inner.put("more", 3);
      members.put("more", 4);

      assertThat(payload.toJson()).asString().isEqualTo("{\"inner\":{\"list\":[1]}}");
    }

    @Test
    void bytes_inAndOut_areCopies() {
      byte[] text = "{\"a\":1}".getBytes(StandardCharsets.US_ASCII);
      Payload payload = Payload.parse(text);
      Payload stored = Payload.ofStored(text.clone());

      Arrays.fill(text, (byte) 0);
      Arrays.fill(payload.toJson(), (byte) 0);
      Arrays.fill(stored.toJson(), (byte) 0);

      assertThat(payload.toJson()).asString().isEqualTo("{\"a\":1}");
      assertThat(stored.toJson()).asString().isEqualTo("{\"a\":1}");
    }

    @Test
    void toMap_nestedPayloads_comeAsMapsAndNothingCanBeChanged() {
      Payload payload = Payload.of(Map.of(
          "stored", Payload.ofStored("{\"a\":[]}".getBytes(StandardCharsets.US_ASCII)),
          "made", Payload.of(Map.of("b", List.of(Payload.of(Map.of("c", 1)))))));

      Map<String, Object> map = payload.toMap();

      assertThat(map)
          .isUnmodifiable()
          .isEqualTo(Map.of(
              "stored", Map.of("a", List.of()), "made", Map.of("b", List.of(Map.of("c", 1)))));
      assertThat((Map<?, ?>) map.get("stored")).isUnmodifiable();
      assertThat((List<?>) ((Map<?, ?>) map.get("stored")).get("a")).isUnmodifiable();
    }

    @Test
    void of_anyNumber_becomesTheOneItsLiteralStandsFor() {
      assertThat(Payload.of(Map.of("n", 5L)).get("n")).contains(5);
      assertThat(Payload.of(Map.of("n", new AtomicInteger(5))).get("n")).contains(5);
      assertThat(Payload.of(Map.of("n", 1.5)).toJson()).asString().isEqualTo("{\"n\":1.5}");
      assertThat(Payload.of(Map.of("n", BigInteger.TWO.pow(80))).get("n"))
          .contains(BigInteger.TWO.pow(80));
    }

    @Test
    void of_nothing_isTheEmptyPayload() {
      assertThat(Payload.of(Map.of())).isSameAs(Payload.empty());
      assertThat(Payload.empty().toJson()).asString().isEqualTo("{}");
      assertThat(Payload.empty().isEmpty()).isTrue();
    }
  }

  @Nested
  class Laziness {
    @Test
    void stored_untilAMemberIsAskedFor_isHandedOnUnread() {
      byte[] text = "{ \"n\" : 1.00 }".getBytes(StandardCharsets.US_ASCII);
      byte[] broken = "no json".getBytes(StandardCharsets.US_ASCII);

      assertThat(Payload.of(Map.of("data", Payload.ofStored(text))).toJson())
          .asString()
          .isEqualTo("{\"data\":{ \"n\" : 1.00 }}");
      assertThat(Payload.ofStored(broken).toJson()).isEqualTo(broken);
      assertThatThrownBy(() -> Payload.ofStored(broken).has("n"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("no json");
    }

    @Test
    void object_ofStoredText_isThatTextUnread() {
      Payload inner = Payload.ofStored("{ }".getBytes(StandardCharsets.US_ASCII));

      assertThat(Payload.of(Map.of("data", inner)).object("data")).containsSame(inner);
      assertThat(Payload.lazy(() -> Map.of("data", inner)).object("data")).containsSame(inner);
    }

    @Test
    void lazy_isComputedAtTheFirstNeedAndThenKept() {
      AtomicInteger asked = new AtomicInteger();
      Payload payload = Payload.lazy(() -> Map.of("n", asked.incrementAndGet()));

      assertThat(asked).hasValue(0);
      assertThat(payload.get("n")).contains(1);
      assertThat(payload.get("n")).contains(1);
    }
  }

  @Nested
  class Limits {
    static Stream<Arguments> refused() {
      List<Object> cycle = new ArrayList<>();
      cycle.add(cycle);
      Payload payloads = Payload.parse("{\"a\":1}");
      for (int levels = 1; levels < 64; levels++) {
        payloads = Payload.of(Map.of("a", payloads));
      }
      return Stream.of(
          arguments("a name that is no string", Map.of(1, 2), "names in JSON objects are strings"),
          arguments("a character", 'c', "not a JSON value: java.lang.Character"),
          arguments("an array", new String[0], "not a JSON value: [Ljava.lang.String;"),
          arguments("a moment", Instant.EPOCH, "not a JSON value: java.time.Instant"),
          arguments("an optional", Optional.of(1), "not a JSON value: java.util.Optional"),
          arguments("a lone surrogate", "\ud800", "text must not contain lone surrogates"),
          arguments(
              "a lone surrogate in a name",
              Map.of("\udc00", 1),
              "text must not contain lone surrogates"),
          arguments(
              "a long name",
              Map.of("n".repeat(1025), 1),
              "names in JSON objects are at most 1024 characters long"),
          arguments("not a number", Double.NaN, "numbers in JSON are finite and decimal"),
          arguments("infinity", Float.POSITIVE_INFINITY, "numbers in JSON are finite and decimal"),
          arguments(
              "a great number",
              BigInteger.TEN.pow(99).multiply(BigInteger.TEN),
              "numbers in JSON are at most 100 characters long"),
          arguments("hex", printing("0x10"), "numbers in JSON are finite and decimal"),
          arguments("a float of Java", printing("1d"), "numbers in JSON are finite and decimal"),
          arguments("white space", printing(" 1"), "numbers in JSON are finite and decimal"),
          arguments("a plus sign", printing("+5"), "numbers in JSON are finite and decimal"),
          arguments("leading zeros", printing("007"), "numbers in JSON are finite and decimal"),
          arguments("other digits", printing("٣"), "numbers in JSON are finite and decimal"),
          arguments(
              "a number beyond a float",
              printing("1e400"),
              "numbers in JSON must be inside the range of a 64-bit float"),
          arguments("64 maps more", maps(64), "JSON is at most 64 levels deep"),
          arguments("64 lists more", lists(64), "JSON is at most 64 levels deep"),
          arguments("a cycle", cycle, "JSON is at most 64 levels deep"),
          arguments("64 payloads more", payloads, "JSON is at most 64 levels deep"),
          arguments(
              "much memory",
              Collections.nCopies(200_000, Map.of()),
              "JSON takes at most 34078720 bytes of memory, by estimate"),
          arguments(
              "much text",
              List.of("x".repeat(20_000_000), "x".repeat(20_000_000)),
              "JSON takes at most 34078720 bytes of memory, by estimate"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void of_whatJsonCannotHold_isRefused(String label, Object value, String message) {
      assertThatThrownBy(() -> Payload.of(Map.of("a", value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(message);
    }

    @Test
    void of_64Levels_isAcceptedAndReadAgain() {
      for (Object deepest : List.of(maps(63), lists(63))) {
        Payload payload = Payload.of(Map.of("a", deepest));

        assertThat(Payload.parse(payload.toJson()).toMap()).isEqualTo(payload.toMap());
      }
    }

    private static Object maps(int levels) {
      Object value = Map.of();
      for (int i = 1; i < levels; i++) {
        value = Map.of("a", value);
      }
      return value;
    }

    private static Object lists(int levels) {
      Object value = List.of();
      for (int i = 1; i < levels; i++) {
        value = List.of(value);
      }
      return value;
    }

    private static Number printing(String text) {
      return new Number() {
        private static final long serialVersionUID = 1L;

        @Override
        public int intValue() {
          return 1;
        }

        @Override
        public long longValue() {
          return 1;
        }

        @Override
        public float floatValue() {
          return 1;
        }

        @Override
        public double doubleValue() {
          return 1;
        }

        @Override
        public String toString() {
          return text;
        }
      };
    }
  }
}
