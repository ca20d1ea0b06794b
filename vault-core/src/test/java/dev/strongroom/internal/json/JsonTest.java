package dev.strongroom.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @Nested
  class Reading {
    @Test
    void parse_everyKindOfValue_givesPlainJavaInOrder() {
      Map<String, Object> members = Json.parse(
          " {\"z\":\"text\",\"a\":true,\"f\":false,\"n\":null,\"o\":{\"i\":1},\"l\":[1,[],{}]} \r\n\t");

      assertThat(members.keySet()).containsExactly("z", "a", "f", "n", "o", "l");
      assertThat(members.values())
          .containsExactly(
              "text", true, false, null, Map.of("i", 1), List.of(1, List.of(), Map.of()));
    }

    @Test
    void parse_whatItReturns_cannotBeChanged() {
      Map<String, Object> members = Json.parse("{\"o\":{},\"l\":[]}");

      assertThat(members).isUnmodifiable();
      assertThat((Map<?, ?>) members.get("o")).isUnmodifiable();
      assertThat((List<?>) members.get("l")).isUnmodifiable();
    }

    @Test
    void parse_escapesAndCharactersOfAnyScript_givesTheText() {
      assertThat(Json.parse("{\"\\ud83d\\udd11\":1,\"\uffee🔑\":2}").keySet())
          .containsExactly("🔑", "\uffee🔑");
      assertThat(Json.parse("{\"\\u0061\\n\":\"\\\"\\\\\\/\\b\\f\\r\\t\\ud83d\\udd11 ıİ 🔑\"}"))
          .containsExactly(Map.entry("a\n", "\"\\/\b\f\r\t🔑 ıİ 🔑"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "[1]",
          "1",
          "\"a\"",
          "null",
          "\ufeff{}",
          "{} x",
          "{}{}",
          "{\"a\":1}{\"b\":2}",
          "{},",
          "{",
          "}",
          "{\"a\"}",
          "{\"a\":}",
          "{\"a\":1,}",
          "{\"a\":[1,]}",
          "{\"a\":[1}",
          "{,}",
          "{a:1}",
          "{'a':1}",
          "{\"a\":'b'}",
          "{/*c*/}",
          "{}//c",
          "{#c\n}",
          "{\"a\":NaN}",
          "{\"a\":Infinity}",
          "{\"a\":-Infinity}",
          "{\"a\":True}",
          "{\"a\":nul}",
          "{\"a\":+1}",
          "{\"a\":.5}",
          "{\"a\":1.}",
          "{\"a\":01}",
          "{\"a\":-}",
          "{\"a\":0x10}",
          "{\"a\":1e}",
          "{\"a\":\"\n\"}",
          "{\"a\":\"\0\"}",
          "{\"a\":\"\\x\"}",
          "{\"a\":\"\\u12\"}",
          "{\"a\":\"b}",
        })
    void parse_whatIsNotStrictlyOneObject_isRefused(String text) {
      assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ttl\":\"1h\",\"ttl\":\"9000h\"}", "{\"a\":1,\"\\u0061\":null}"})
    void parse_aNameTwice_isRefused(String text) {
      assertThatThrownBy(() -> Json.parse(text)).hasMessage("duplicate name in a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"a\":\"\\ud800\"}",
          "{\"a\":\"\\udc00x\"}",
          "{\"a\":\"\\udd11\\ud83d\"}",
          "{\"a\":\"\\ud83d\\ud83d\\udd11\"}",
          "{\"a\":[\"\\ud800\"]}",
          "{\"a\":\"\ud800\"}",
          "{\"\udc00\":1}",
        })
    void parse_loneSurrogates_isRefused(String text) {
      assertThatThrownBy(() -> Json.parse(text))
          .hasMessage("text must not contain lone surrogates");
    }

    @Test
    void parse_loneSurrogatesInAnEscapedName_isRefused() {
      assertThatThrownBy(() -> Json.parse("{\"\\ud800\":1}"))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"c328", "eda080", "c080", "f4908080", "e282", "ff", "fffe7b007d00", "80"})
    void parse_bytesThatAreNotUtf8_isRefused(String hex) {
      byte[] inside = HexFormat.of().parseHex("7b2261223a22" + hex + "227d");

      assertThatThrownBy(() -> Json.parse(inside)).hasMessage("JSON must be UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400000", "1e309", "-1e309", "1e-99999999999", "1e99999999999"})
    void parse_numbersBeyondA64BitFloat_isRefused(String literal) {
      assertThatThrownBy(() -> Json.parse("{\"a\":" + literal + "}"))
          .hasMessage("numbers in JSON must be inside the range of a 64-bit float");
    }
  }

  @Nested
  class Limits {
    @ParameterizedTest
    @CsvSource({"{\"a\":, {}, }", "[, [], ]", "[, {}, ]", "{\"a\":, [], }"})
    void parse_64Levels_isTheDeepest(String open, String innermost, String close) {
      String close0 = open.equals("[") ? close : "}";
      String deepest =
          "{\"a\":" + open.repeat(62) + innermost + close0.repeat(62) + "}"; // 1 + 62 + 1

      assertThat(Json.parse(deepest)).hasSize(1);
      assertThatThrownBy(() -> Json.parse("{\"a\":" + deepest + "}"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("malformed or too large JSON");
    }

    @ParameterizedTest
    @CsvSource({"[, 100000", "{\"a\":, 5000", "{\"a\":[, 3000000"})
    void parse_bottomlessNesting_isRefused(String open, int times) {
      assertThatThrownBy(() -> Json.parse("{\"a\":" + open.repeat(times)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("malformed or too large JSON");
    }

    @Test
    void parse_100DigitsAreTheLongestNumber() {
      assertThat(Json.parse("{\"a\":" + "9".repeat(100) + "}").get("a"))
          .isEqualTo(new BigInteger("9".repeat(100)));
      assertThatThrownBy(() -> Json.parse("{\"a\":" + "9".repeat(101) + "}"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Json.parse("{\"a\":0." + "9".repeat(1_000_000) + "}"))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parse_1024CharactersAreTheLongestName() {
      assertThat(Json.parse("{\"" + "n".repeat(1024) + "\":1}")).hasSize(1);
      assertThatThrownBy(() -> Json.parse("{\"" + "n".repeat(1025) + "\":1}"))
          .hasMessage("names in JSON objects are at most 1024 characters long");
      assertThatThrownBy(() -> Json.parse("{\"" + "n".repeat(1_000_000) + "\":1}"))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parse_32MiBAreTheLongestText() {
      String longest = "{\"a\":\"" + "x".repeat(Json.MAX_LENGTH - 8) + "\"}";

      assertThat((String) Json.parse(longest).get("a")).hasSize(Json.MAX_LENGTH - 8);
      assertThatThrownBy(() -> Json.parse(longest + " "))
          .hasMessage("JSON is at most 33554432 characters long");
      assertThatThrownBy(() -> Json.parse((longest + " ").getBytes(StandardCharsets.US_ASCII)))
          .hasMessage("JSON is at most 33554432 bytes long");
    }

    @ParameterizedTest
    @CsvSource({"{}, 200000", "[], 400000", "0, 1000000", "\"\", 1000000", "true, 5000000"})
    void parse_smallTextThatWouldTakeMuchMemory_isRefused(String element, int times) {
      String text = "{\"a\":[" + (element + ",").repeat(times - 1) + element + "]}";

      assertThatThrownBy(() -> Json.parse(text))
          .hasMessage("JSON takes at most 34078720 bytes of memory, by estimate");
    }

    @Test
    void parse_manyMembers_countAsMemoryToo() {
      StringBuilder text = new StringBuilder("{\"x\":1");
      for (int i = 0; i < 300_000; i++) {
        text.append(",\"").append(i).append("\":1");
      }

      assertThatThrownBy(() -> Json.parse(text.append('}').toString()))
          .hasMessageContaining("bytes of memory");
    }

    @Test
    void parse_manyNamesWithTheSameHash_findsThemAll() {
      List<String> names = List.of("");
      for (int i = 0; i < 14; i++) { // "Aa" and "BB" have the same hash, and so have their chains
        List<String> longer = new ArrayList<>();
        names.forEach(name -> longer.addAll(List.of(name + "Aa", name + "BB")));
        names = longer;
      }
      String text = "{\"" + String.join("\":0,\"", names) + "\":0}";

      assertThat(Json.parse(text)).hasSize(1 << 14);
    }
  }

  @Nested
  class Errors {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "CANARY",
          "{\"CANARY",
          "{\"CANARY\":",
          "{\"a\":CANARY}",
          "{\"a\":\"CANARY",
          "{\"a\":\"CANARY\\q\"}",
          "{\"a\":\"CANARY\u0001\"}",
          "{\"a\":\"CANARY\" \"CANARY\"}",
          "{\"a\":\"CANARY\\ud800\"}",
          "{\"CANARY\\ud800\":1}",
          "{\"CANARY\":1,\"CANARY\":2}",
          "{\"a\":1CANARY}",
          "{}CANARY",
          "[\"CANARY\"]",
        })
    void parse_malformedText_saysWhereAndNeverWhat(String text) {
      for (Throwable e = catchThrowable(() -> Json.parse(text)); e != null; e = e.getCause()) {
        assertThat(e.toString()).doesNotContain("CANARY");
      }
    }

    @Test
    void parse_malformedText_namesLineAndColumn() {
      assertThatThrownBy(() -> Json.parse("{\"a\":1,\n\"b\":x}"))
          .hasMessageMatching("malformed or too large JSON at line 2, column \\d+");
    }
  }

  @Nested
  class Numbers {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "0",
          "-0",
          "1",
          "-1",
          "123456789",
          "-123456789",
          "1234567890",
          "999999999999999999",
          "9223372036854775807",
          "-9223372036854775808",
          "9007199254740993",
          "123456789012345678901234567890",
          "1.0",
          "1.10",
          "0.1",
          "-0.0",
          "1e2",
          "1E2",
          "1e+2",
          "1.5E-7",
          "1e308",
          "1e-400",
          "0e999999999",
          "1E-2147483647"
        })
    void number_anyLiteral_isWrittenAsItWasRead(String literal) {
      String text = "{\"n\":" + literal + "}";

      assertThat(Json.write(Json.parse(text))).asString(StandardCharsets.UTF_8).isEqualTo(text);
      assertThat(Json.parse(text).get("n")).hasToString(literal);
    }

    @Test
    void number_byItsLiteral_hasTheSmallestTypeThatPrintsIt() {
      assertThat(Json.parse("{\"a\":7,\"b\":7000000000,\"c\":7000000000000000000000,\"d\":7.50}")
              .values())
          .containsExactly(
              7, 7_000_000_000L, new BigInteger("7000000000000000000000"), new BigDecimal("7.50"));
    }

    @Test
    void literalNumber_givesItsValueAndEqualsItsLiteralOnly() {
      Number hundred = new LiteralNumber("1e2");

      assertThat(hundred.intValue()).isEqualTo(100);
      assertThat(hundred.longValue()).isEqualTo(100L);
      assertThat(hundred.floatValue()).isEqualTo(100f);
      assertThat(hundred.doubleValue()).isEqualTo(100d);
      assertThat(hundred)
          .isEqualTo(new LiteralNumber("1e2"))
          .hasSameHashCodeAs(new LiteralNumber("1e2"))
          .isNotEqualTo(new LiteralNumber("1E2"))
          .isNotEqualTo(100);
    }
  }

  @Nested
  class Writing {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.strongroom.internal.json.JsonTest#seeds")
    void write_anyTree_isReadAgain(long seed) {
      Map<String, Object> tree = object(new Random(seed), 4);

      assertThat(Json.parse(Json.write(tree))).isEqualTo(tree);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ä", "🔑", "\n"})
    void write_rawJsonNamesAndTextOfAnyLength_areWritten(String unit) {
      for (int length = 0; length < 10_000; length += length < 1_100 ? 1 : 2_111) {
        String text = unit.repeat(length / unit.length());
        byte[] raw = ("{ \"a\" : [1.0,\"" + text.replace("\n", "\\n") + "\"] }")
            .getBytes(StandardCharsets.UTF_8);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("before", text);
        members.put("raw", new RawJson(raw));
        members.put(text.substring(0, Math.min(text.length(), 512)), List.of(new RawJson(raw)));

        Map<String, Object> read = Json.parse(Json.write(members));

        assertThat(read.values())
            .as("length %s", length)
            .containsExactly(text, Json.parse(raw), List.of(Json.parse(raw)));
        assertThat(read.keySet()).isEqualTo(members.keySet());
      }
    }

    @Test
    void write_rawJson_isCopiedAsItIs() {
      RawJson raw = new RawJson("{ \"n\" : 1.00 }".getBytes(StandardCharsets.US_ASCII));

      assertThat(Json.write(Map.of("raw", List.of(raw, raw))))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("{\"raw\":[{ \"n\" : 1.00 },{ \"n\" : 1.00 }]}");
    }

    @Test
    void write_whatIsNoJsonValue_isRefused() {
      assertThatThrownBy(() -> Json.write(Map.of("a", 'c')))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("not a JSON value: java.lang.Character");
    }

    @Test
    void rawJson_inEveryShapeItsReadersAskFor_isTheSameText() throws IOException {
      byte[] text = "{\"ä\":1}".getBytes(StandardCharsets.UTF_8);
      RawJson raw = new RawJson(text);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(20);
      byte[] bytes = new byte[20];
      char[] chars = new char[20];

      assertThat(raw.getValue()).isEqualTo("{\"ä\":1}").hasSize(raw.charLength());
      assertThat(new String(raw.asQuotedChars())).isEqualTo("{\"ä\":1}");
      assertThat(raw.asQuotedUTF8()).isEqualTo(text).isEqualTo(raw.asUnquotedUTF8());
      assertThat(raw.writeQuotedUTF8(out)).isEqualTo(8);
      assertThat(out.toByteArray()).isEqualTo(text);
      assertThat(raw.putQuotedUTF8(buffer)).isEqualTo(8);
      assertThat(Arrays.copyOf(buffer.array(), 8)).isEqualTo(text);
      assertThat(raw.appendQuotedUTF8(bytes, 12)).isEqualTo(8);
      assertThat(Arrays.copyOfRange(bytes, 12, 20)).isEqualTo(text);
      assertThat(raw.appendQuoted(chars, 13)).isEqualTo(7);
      assertThat(new String(chars, 13, 7)).isEqualTo("{\"ä\":1}");
    }

    @Test
    void rawJson_withoutEnoughRoom_writesNothingAndSaysSo() {
      RawJson raw = new RawJson("{\"ä\":1}".getBytes(StandardCharsets.UTF_8));

      assertThat(raw.appendUnquotedUTF8(new byte[20], 13)).isEqualTo(-1);
      assertThat(raw.appendUnquoted(new char[20], 14)).isEqualTo(-1);
      assertThat(raw.putUnquotedUTF8(ByteBuffer.allocate(7))).isEqualTo(-1);
      assertThat(raw).hasToString("RawJson[redacted]");
    }
  }

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      members.put(text(random), value(random, depth));
    }
    return members;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextInt(1_000_000_000);
      case 3 -> new BigInteger(100, random).setBit(70);
      case 4 -> new BigDecimal(new BigInteger(60, random), 1 + random.nextInt(5));
      case 5 -> text(random);
      case 6 -> object(random, depth - 1);
      default -> {
        List<Object> elements = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          elements.add(value(random, depth - 1));
        }
        yield elements;
      }
    };
  }

  private static String text(Random random) {
    int[] codePoints = random
        .ints(random.nextInt(8), 0, 0x11_0000)
        .map(c -> c >= 0xd800 && c < 0xe000 ? c & 0x7f : c)
        .toArray();
    return new String(codePoints, 0, codePoints.length);
  }
}
