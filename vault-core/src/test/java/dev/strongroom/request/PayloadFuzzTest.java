package dev.strongroom.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.Mutations;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are nearly JSON. */
class PayloadFuzzTest {
  static List<byte[]> seeds() {
    return Stream.of(
            "{}",
            "{\"a\":1,\"b\":[true,false,null,\"text\"],\"c\":{\"d\":{}}}",
            "{\"n\":[-0,0.10,1e2,1E+2,-1.5e-300,12345678901234567890,9007199254740993,1e-999999999]}",
            "{\"text\":\"\\u0000\\ud83d\\udd11 é € 🔑 \\\"\\\\\\/\\b\\f\\n\\r\\t\"}",
            " {\r\n\t\"\" : [[[[{\"\":[]}]]]] } ",
            "{\"a\":1,\"a\":2}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}",
            "{\"a\":" + "9".repeat(100) + ",\"b\":0." + "9".repeat(98) + "}")
        .map(text -> text.getBytes(UTF_8))
        .toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void parse_mutatedJson_isReadOrRefused(long seed) {
    Mutations.run(seed, 5_000, seeds(), this::parse_anyBytes_areReadAndWrittenOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void parse_anyBytes_areReadAndWrittenOrRefused(byte[] bytes) {
    Payload payload;
    try {
      payload = Payload.parse(bytes);
    } catch (IllegalArgumentException e) {
      return;
    }
    byte[] written = payload.toJson();
    Payload again = Payload.parse(written);
    assertThat(again.toMap()).isEqualTo(payload.toMap());
    assertThat(again.toJson()).isEqualTo(written);
    assertThat(Payload.of(payload.toMap()).toJson()).isEqualTo(written);
    use(payload);
  }

  /** Asks for everything as everything. */
  private static void use(Payload payload) {
    for (String name : payload.toMap().keySet()) {
      payload.texts(name);
      payload.pairs(name);
      payload.text(name);
      payload.flag(name);
      payload.number(name).ifPresent(number -> {
        assertThat(number.doubleValue()).isFinite();
        assertThat(number.intValue()).isEqualTo((int) number.longValue());
      });
      payload.object(name).ifPresent(PayloadFuzzTest::use);
    }
  }
}
