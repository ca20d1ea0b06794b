package dev.strongroom.internal.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.KeyShares;
import dev.strongroom.internal.seal.SealRecord.Progress;
import dev.strongroom.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealRecordTest {
  private static final SealRecord RECORD = new SealRecord(
      "static", new KeyShares(5, 3), "k\"ey", 7, new byte[] {1, -1, 3}, Progress.INITIALIZED);
  private static final String JSON =
      "{\"format\":1,\"type\":\"static\",\"shares\":5,\"threshold\":3,\"key_id\":\"k\\\"ey\",\"generation\":7,\"root_key\":\"Af8D\",\"progress\":\"initialized\"}";

  @Test
  void toJson_isReadableByAnOperator() {
    assertThat(RECORD.toJson()).asString(UTF_8).isEqualTo(JSON);
  }

  @ParameterizedTest
  @EnumSource
  void parse_whatWasWritten_givesItBack(Progress progress) {
    SealRecord record = RECORD.withProgress(progress);

    assertThat(SealRecord.parse(record.toJson())).usingRecursiveComparison().isEqualTo(record);
  }

  @ParameterizedTest
  @CsvSource({"0", "2", "-1", "1.0", "1e0", "4294967297"})
  void parse_anotherFormat_isRefusedByNumber(String format) {
    assertThatThrownBy(() -> SealRecord.parse(
            JSON.replace("\"format\":1", "\"format\":" + format).getBytes(UTF_8)))
        .isInstanceOf(StorageException.class)
        .hasMessage("the seal has format " + format
            + ", but this version of Strongroom reads format 1 only");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "format",
        "type",
        "shares",
        "threshold",
        "key_id",
        "generation",
        "root_key",
        "progress"
      })
  void parse_withoutAMemberOrWithNull_isCorrupt(String member) {
    assertCorrupt(JSON.replace("\"" + member + "\":", "\"other\":"));
    assertCorrupt(
        JSON.replaceAll("\"" + member + "\":(\"(\\\\.|[^\"])*\"|\\d+)", "\"" + member + "\":null"));
  }

  @ParameterizedTest
  @CsvSource({
    "\"shares\":5, \"shares\":0",
    "\"shares\":5, \"shares\":2",
    "\"shares\":5, \"shares\":5.0",
    "\"shares\":5, \"shares\":256",
    "\"shares\":5, \"shares\":4294967301",
    "\"shares\":5, '\"shares\":\"5\"'",
    "\"threshold\":3, \"threshold\":1",
    "\"threshold\":3, \"threshold\":3.5",
    "\"generation\":7, \"generation\":7.5",
    "\"generation\":7, \"generation\":9223372036854775808",
    "\"generation\":7, \"generation\":true",
    "Af8D, Af8DA",
    "Af8D, A_8D",
    "\"initialized\", \"ready\"",
    "\"initialized\", \"\""
  })
  void parse_anotherValue_isCorrupt(String from, String to) {
    assertThat(JSON).contains(from);
    assertCorrupt(JSON.replace(from, to));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[]", "{}", "{\"format\":1}", "{\"format\":1,\"format\":1}", "\0\0\0"})
  void parse_whatIsNoSuchRow_isCorrupt(String json) {
    assertCorrupt(json);
  }

  @Test
  void associatedData_bindsStoreTypeKeyAndGeneration() {
    byte[] data = SealRecord.associatedData(new byte[16], "static", "key", 7);

    assertThat(data)
        .isEqualTo(SealRecord.associatedData(new byte[16], "static", "key", 7))
        .isNotEqualTo(SealRecord.associatedData(new byte[15], "static", "key", 7))
        .isNotEqualTo(SealRecord.associatedData(new byte[16], "statick", "ey", 7))
        .isNotEqualTo(SealRecord.associatedData(new byte[16], "static", "kez", 7))
        .isNotEqualTo(SealRecord.associatedData(new byte[16], "static", "key", 8));
  }

  private static void assertCorrupt(String json) {
    assertThatThrownBy(() -> SealRecord.parse(json.getBytes(UTF_8)))
        .isInstanceOf(StorageException.class)
        .hasMessage("the row \"seal\" is corrupt");
  }
}
