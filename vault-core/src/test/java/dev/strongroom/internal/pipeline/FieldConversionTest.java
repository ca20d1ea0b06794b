package dev.strongroom.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.strongroom.request.Payload;
import dev.strongroom.spi.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FieldConversionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TEXT | \"a\" | a",
        "TEXT | \"\" | ``",
        "TEXT | 1.50 | 1.50",
        "TEXT | 1e2 | 1e2",
        "TEXT | true | true",
        "TEXT | null | null",
        "INTEGER | 7 | 7",
        "INTEGER | -7 | -7",
        "INTEGER | -0 | 0",
        "INTEGER | true | 1",
        "INTEGER | false | 0",
        "INTEGER | null | 0",
        "INTEGER | \"\" | 0",
        "INTEGER | \"7\" | 7",
        "INTEGER | \"+7\" | 7",
        "INTEGER | \"007\" | 7",
        "INTEGER | \"0xfF\" | 255",
        "INTEGER | \"0XFf\" | 255",
        "INTEGER | \"-0x10\" | -16",
        "INTEGER | \"0o17\" | 15",
        "INTEGER | \"0O17\" | 15",
        "INTEGER | \"0b101\" | 5",
        "INTEGER | \"0B101\" | 5",
        "INTEGER | 9223372036854775807 | 9223372036854775807",
        "INTEGER | \"-9223372036854775808\" | -9223372036854775808",
        "INTEGER | \"-0x8000000000000000\" | -9223372036854775808",
        "FLAG | true | true",
        "FLAG | false | false",
        "FLAG | 1 | true",
        "FLAG | 0 | false",
        "FLAG | null | false",
        "FLAG | \"\" | false",
        "FLAG | \"1\" | true",
        "FLAG | \"t\" | true",
        "FLAG | \"T\" | true",
        "FLAG | \"true\" | true",
        "FLAG | \"True\" | true",
        "FLAG | \"TRUE\" | true",
        "FLAG | \"0\" | false",
        "FLAG | \"f\" | false",
        "FLAG | \"F\" | false",
        "FLAG | \"false\" | false",
        "FLAG | \"False\" | false",
        "FLAG | \"FALSE\" | false",
        "DURATION | 90 | PT1M30S",
        "DURATION | -1 | PT-1S",
        "DURATION | \"90\" | PT1M30S",
        "DURATION | \"2d\" | PT48H",
        "DURATION | \"1h30m\" | PT1H30M",
        "DURATION | \"1.5h\" | PT1H30M",
        "DURATION | \"0ms\" | PT0S",
        "DURATION | \"1999ms\" | PT1S",
        "DURATION | \"\" | PT0S",
        "DURATION | null | null",
        "DURATION | 9223372036 | PT2562047H47M16S",
        "TEXTS | [\"a\",\"\",\"b,c\"] | [a, , b,c]",
        "TEXTS | [1,true] | [1, true]",
        "TEXTS | [] | []",
        "TEXTS | \"a,b\" | [a,b]",
        "TEXTS | 1 | [1]",
        "TEXTS | null | null",
        "COMMA_TEXTS | \"a, b ,,c\" | [a, b, c]",
        "COMMA_TEXTS | \"\" | []",
        "COMMA_TEXTS | \",\" | []",
        "COMMA_TEXTS | [\" a \",\"\",\"b,c\"] | [a, b,c]",
        "COMMA_TEXTS | 7 | [7]",
        "COMMA_TEXTS | null | null",
        "INTEGERS | [1,\"2\",\"0x3\"] | [1, 2, 3]",
        "INTEGERS | [] | []",
        "INTEGERS | \"1,2,3\" | [1, 2, 3]",
        "INTEGERS | \"\" | []",
        "INTEGERS | 7 | [7]",
        "INTEGERS | null | null",
        "PAIRS | {\"a\":\"1\",\"b\":2,\"c\":true} | {a=1, b=2, c=true}",
        "PAIRS | {} | {}",
        "PAIRS | [\"a=1\",\"b=2=3\",\"c=\"] | {a=1, b=2=3, c=}",
        "PAIRS | [\"a=1\",\"a=2\"] | {a=2}",
        "PAIRS | [] | {}",
        "PAIRS | null | null"
      })
  void convert_whatClientsSend_givesTheDeclaredType(FieldType type, String json, String expected) {
    assertThat(String.valueOf(FieldConversion.convert(type, value(json)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TEXT | [] | expected a string",
        "TEXT | {} | expected a string",
        "INTEGER | 1.5 | expected an integer of 64 bits",
        "INTEGER | 1.0 | expected an integer of 64 bits",
        "INTEGER | 1e2 | expected an integer of 64 bits",
        "INTEGER | 9223372036854775808 | expected an integer of 64 bits",
        "INTEGER | -9223372036854775809 | expected an integer of 64 bits",
        "INTEGER | \"x\" | expected an integer of 64 bits",
        "INTEGER | \" 7\" | expected an integer of 64 bits",
        "INTEGER | \"7\\n\" | expected an integer of 64 bits",
        "INTEGER | \"1.0\" | expected an integer of 64 bits",
        "INTEGER | \"-\" | expected an integer of 64 bits",
        "INTEGER | \"+\" | expected an integer of 64 bits",
        "INTEGER | \"0x\" | expected an integer of 64 bits",
        "INTEGER | \"--7\" | expected an integer of 64 bits",
        "INTEGER | \"+-7\" | expected an integer of 64 bits",
        "INTEGER | \"++7\" | expected an integer of 64 bits",
        "INTEGER | \"0x-7\" | expected an integer of 64 bits",
        "INTEGER | \"0x+7\" | expected an integer of 64 bits",
        "INTEGER | \"0b102\" | expected an integer of 64 bits",
        "INTEGER | \"1_000\" | expected an integer of 64 bits",
        "INTEGER | \"٣\" | expected an integer of 64 bits",
        "INTEGER | \"１\" | expected an integer of 64 bits",
        "INTEGER | [1] | expected an integer",
        "INTEGER | {} | expected an integer",
        "FLAG | 2 | expected a boolean",
        "FLAG | -1 | expected a boolean",
        "FLAG | 1.0 | expected a boolean",
        "FLAG | \"yes\" | expected a boolean",
        "FLAG | \"tRUE\" | expected a boolean",
        "FLAG | \" true\" | expected a boolean",
        "FLAG | \"?\" | expected a boolean",
        "FLAG | [] | expected a boolean",
        "FLAG | {} | expected a boolean",
        "DURATION | 1.5 | expected a duration of whole seconds",
        "DURATION | 1e2 | expected a duration of whole seconds",
        "DURATION | \"500ms\" | a duration is zero or at least a second",
        "DURATION | \"-500ms\" | a duration is zero or at least a second",
        "DURATION | true | expected a duration",
        "DURATION | [] | expected a duration",
        "DURATION | {} | expected a duration",
        "OBJECT | \"a\" | expected an object",
        "OBJECT | 1 | expected an object",
        "OBJECT | true | expected an object",
        "OBJECT | [] | expected an object",
        "OBJECT | [{\"a\":1}] | expected an object",
        "TEXTS | {} | expected a string",
        "TEXTS | [[\"a\"]] | expected a string",
        "TEXTS | [null] | expected strings, not null",
        "COMMA_TEXTS | {} | expected a string",
        "COMMA_TEXTS | [null] | expected strings, not null",
        "INTEGERS | [1,\"x\"] | expected an integer of 64 bits",
        "INTEGERS | [1.5] | expected an integer of 64 bits",
        "INTEGERS | [true] | expected integers",
        "INTEGERS | [null] | expected integers",
        "INTEGERS | [[1]] | expected integers",
        "INTEGERS | true | expected integers",
        "INTEGERS | {} | expected integers",
        "INTEGERS | 1.5 | expected an integer of 64 bits",
        "INTEGERS | \"1, 2\" | expected integers with commas between them",
        "INTEGERS | \"1,,2\" | expected integers with commas between them",
        "INTEGERS | \"1,\" | expected integers with commas between them",
        "INTEGERS | \"x\" | expected integers with commas between them",
        "PAIRS | \"a=1\" | expected an object with string values",
        "PAIRS | 1 | expected an object with string values",
        "PAIRS | {\"a\":null} | expected strings, not null",
        "PAIRS | {\"a\":{}} | expected a string",
        "PAIRS | [\"a\"] | expected name=value",
        "PAIRS | [1] | expected name=value",
        "PAIRS | [null] | expected strings, not null",
        "PAIRS | [[]] | expected a string"
      })
  void convert_anotherType_isRefusedWithWhatWasExpected(
      FieldType type, String json, String message) {
    assertThatThrownBy(() -> FieldConversion.convert(type, value(json)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message)
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1w | invalid duration: expected seconds, or a number with a unit such as 90s, 1h30m or 2d",
        "9223372037 | multiplication of durations resulted in overflow, one operand may be too large",
        "9223372036854775807s | multiplication of durations resulted in overflow, one operand may be too large"
      })
  void convert_textThatIsNoDuration_isRefused(String text, String message) {
    assertThatThrownBy(() -> FieldConversion.convert(FieldType.DURATION, text)).hasMessage(message);
  }

  @Test
  void convert_anObject_givesAPayloadWithTheSameDigits() {
    Payload stored = Payload.ofStored("{\"a\":1.0}".getBytes(StandardCharsets.US_ASCII));

    assertThat(FieldConversion.convert(FieldType.OBJECT, null)).isNull();
    assertThat(FieldConversion.convert(FieldType.OBJECT, stored)).isSameAs(stored);
    assertThat(FieldConversion.convert(FieldType.OBJECT, value("{\"a\":[1.0]}")))
        .isInstanceOfSatisfying(
            Payload.class,
            payload -> assertThat(payload.toJson()).asString().isEqualTo("{\"a\":[1.0]}"));
    assertThat(FieldConversion.convert(
            FieldType.PAIRS, Payload.ofStored("{\"a\":1.0}".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(Map.of("a", "1.0"));
  }

  @ParameterizedTest
  @EnumSource
  void convert_anyValue_givesAValueOrARefusalThatDoesNotQuoteIt(FieldType type) {
    for (String json : List.of(
        "null",
        "[]",
        "{}",
        "true",
        "-1",
        "1e99",
        "1e-99",
        "\"\"",
        "\"\\u0000CANARY\"",
        "\"CANARY\"",
        "[\"CANARY\"]",
        "{\"CANARY\":\"CANARY\"}",
        "[{\"CANARY\":1}]",
        "0e999999999",
        "\"" + "9".repeat(1 << 20) + "\"",
        "\"CANARY" + "1".repeat(1 << 20) + "\"")) {
      Throwable refusal = catchThrowable(() -> FieldConversion.convert(type, value(json)));

      assertThat(refusal == null || refusal instanceof IllegalArgumentException).isTrue();
      assertThat(String.valueOf(refusal)).doesNotContain("CANARY").hasSizeLessThan(200);
    }
  }

  private static Object value(String json) {
    return Payload.parse("{\"value\":" + json + "}").toMap().get("value");
  }
}
