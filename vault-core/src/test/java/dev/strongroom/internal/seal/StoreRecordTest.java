package dev.strongroom.internal.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.seal.StoreRecord.Restored;
import dev.strongroom.internal.snapshot.SnapshotFile;
import dev.strongroom.spi.StorageException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRecordTest {
  private static final String ID = "000102030405060708090a0b0c0d0e0f";
  private static final String JSON =
      "{\"format\":1,\"id\":\"" + ID + "\",\"created\":\"2026-01-01T00:00:00.500Z\"}";
  private static final StoreRecord RECORD = new StoreRecord(
      HexFormat.of().parseHex(ID), Instant.parse("2026-01-01T00:00:00.5Z"), Optional.empty());
  private static final StoreRecord RESTORED = RECORD.restoredAs(new Restored(
      Instant.parse("2026-02-01T00:00:00Z"),
      new SnapshotFile.Seal(new byte[] {1, 2}, new byte[] {3, -4})));

  @Test
  void toJson_isReadableByAnOperator() {
    assertThat(RECORD.toJson()).asString(UTF_8).isEqualTo(JSON);
    assertThat(RESTORED.toJson())
        .asString(UTF_8)
        .startsWith("{\"format\":1,")
        .contains("\"at\":\"2026-02-01T00:00:00Z\"", "\"digest\":\"0102\"", "\"mac\":\"03fc\"");
  }

  @Test
  void parse_whatWasWritten_givesItBack() {
    assertThat(StoreRecord.parse(RECORD.toJson())).usingRecursiveComparison().isEqualTo(RECORD);
    assertThat(StoreRecord.parse(RESTORED.toJson())).usingRecursiveComparison().isEqualTo(RESTORED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "1.0", "1e0", "4294967297"})
  void parse_anotherFormat_isRefusedByNumber(String format) {
    assertThatThrownBy(() -> StoreRecord.parse(
            JSON.replace("\"format\":1", "\"format\":" + format).getBytes(UTF_8)))
        .isInstanceOf(StorageException.class)
        .hasMessage("the store has format " + format
            + ", but this version of Strongroom reads format 1 only");
  }

  @ParameterizedTest
  @CsvSource({
    ID + ", 00",
    ID + ", ''",
    ID + ", " + ID + "00",
    ID + ", 00010203-0405-0607-0809-0a0b0c0d0e0f",
    ID + ", 000102030405060708090a0b0c0d0e0g",
    "2026-01-01T00:00:00.500Z, yesterday",
    "2026-01-01T00:00:00.500Z, 2026-02-30T00:00:00Z",
    "\"format\":1, \"format\":null",
    "\"format\":1, '\"format\":\"1\"'",
    "\"format\", \"other\"",
    "\"id\", \"other\"",
    "\"created\", \"other\"",
    "{, '{\"restored\":{},'",
    "{, '{\"restored\":true,'",
    "{, '{\"restored\":[],'",
    "{, '{\"restored\":{\"at\":\"2026-02-01T00:00:00Z\",\"digest\":\"01\"},'",
    "{, '{\"restored\":{\"at\":\"2026-02-01T00:00:00Z\",\"digest\":\"01\",\"mac\":\"0\"},'",
    "{, '{\"restored\":{\"at\":\"later\",\"digest\":\"01\",\"mac\":\"02\"},'",
    "{, ''",
    "}, }}"
  })
  void parse_anotherValue_isCorrupt(String from, String to) {
    assertThat(JSON).contains(from);
    assertThatThrownBy(() -> StoreRecord.parse(JSON.replace(from, to).getBytes(UTF_8)))
        .isInstanceOf(StorageException.class)
        .hasMessage("the row \"store\" is corrupt");
  }

  @Test
  void record_withAnotherId_isRefused() {
    assertThatThrownBy(() -> new StoreRecord(new byte[15], Instant.EPOCH, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a store has an id of 16 bytes, but got 15");
  }
}
