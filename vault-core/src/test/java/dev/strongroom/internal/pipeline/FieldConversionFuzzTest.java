package dev.strongroom.internal.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.Mutations;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of any type where another one is expected. */
class FieldConversionFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "{\"v\":[1,-1,\"0x1f\",\"0b1\",\"-0o7\",\"+9223372036854775807\",1.0,1e3,1e-999999999]}",
            "{\"a\":\"1h30m\",\"b\":\"1.5h\",\"c\":\"500ms\",\"d\":\"2d\",\"e\":90,\"f\":\"-1us\"}",
            "{\"a\":\"true\",\"b\":\"F\",\"c\":\"\",\"d\":false,\"e\":null}",
            "{\"a\":\"1,2,3\",\"b\":\", ,a=b,\",\"c\":[\"a=b\",\"c=\"],\"d\":{\"a\":1,\"b\":{}}}")
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void convert_mutatedParameters_areConvertedOrRefused(long seed) {
    Mutations.run(seed, 5_000, seeds(), this::convert_anyParameters_areConvertedOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void convert_anyParameters_areConvertedOrRefused(byte[] json) {
    Payload parameters;
    try {
      parameters = Payload.parse(json);
    } catch (IllegalArgumentException e) {
      return;
    }
    for (Object value : parameters.toMap().values()) {
      for (FieldType type : FieldType.values()) {
        try {
          check(type, FieldConversion.convert(type, value));
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).as("%s", type).isNotBlank();
        }
      }
    }
  }

  private static void check(FieldType type, Object converted) {
    if (converted instanceof Duration duration) {
      assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    } else if (type == FieldType.INTEGER) {
      assertThat(converted).isInstanceOf(Long.class);
    } else if (type == FieldType.FLAG) {
      assertThat(converted).isInstanceOf(Boolean.class);
    }
  }
}
