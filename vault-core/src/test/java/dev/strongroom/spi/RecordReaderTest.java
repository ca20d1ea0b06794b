package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.RecordReader.CorruptRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link RecordReader} and {@link RecordWriter}: neither makes sense alone. */
class RecordReaderTest {
  private static final Instant MOMENT = Instant.parse("2026-01-31T12:00:00.123456789Z");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @Nested
  class Format {
    @Test
    void write_everyField_hasItsLengthBeforeItAndIsBigEndian() {
      assertThat(hex(out -> out.u8(0x1ff))).isEqualTo("ff");
      assertThat(hex(out -> out.i32(0x01020304))).isEqualTo("01020304");
      assertThat(hex(out -> out.i64(0x0102030405060708L))).isEqualTo("0102030405060708");
      assertThat(hex(out -> out.flag(true).flag(false))).isEqualTo("0100");
      assertThat(hex(out -> out.bytes(new byte[] {7, 8}))).isEqualTo("000000020708");
      assertThat(hex(out -> out.fixed(new byte[] {7, 8}))).isEqualTo("0708");
      assertThat(hex(out -> out.text("ä"))).isEqualTo("00000002c3a4");
      assertThat(hex(out -> out.instant(Instant.ofEpochSecond(-1, 2))))
          .isEqualTo("ffffffffffffffff00000002");
      assertThat(hex(out -> out.optional(Optional.empty(), RecordWriter::text))).isEqualTo("00");
      assertThat(hex(out -> out.optional(Optional.of("a"), RecordWriter::text)))
          .isEqualTo("010000000161");
      assertThat(hex(out -> out.all(List.of(1, 2), RecordWriter::u8))).isEqualTo("000000020102");
      assertThat(hex(out -> out.texts(Map.of("a", "b")))).isEqualTo("0000000100000001610000000162");
    }

    @Test
    void read_whatWasWritten_givesItBack() {
      byte[] written = everything();
      RecordReader in = new RecordReader(written);

      in.format(3);
      assertThat(in.i32()).isEqualTo(Integer.MIN_VALUE);
      assertThat(in.i64()).isEqualTo(Long.MAX_VALUE);
      assertThat(in.flag()).isTrue();
      assertThat(in.bytes()).containsExactly(1, -1);
      assertThat(in.fixed(1)).containsExactly(5);
      assertThat(in.text()).isEqualTo("ä🔑\0");
      assertThat(in.instant()).isEqualTo(MOMENT);
      assertThat(in.optional(RecordReader::text)).contains("x");
      assertThat(in.all(RecordReader::text)).containsExactly("a", "").isUnmodifiable();
      assertThat(in.texts()).isEqualTo(Map.of("k", "v", "", "")).isUnmodifiable();
      in.end();
    }

    @Test
    void toBytes_beyondTheFirstBuffer_hasEverything() {
      byte[] much = new byte[100_000];
      new Random(1).nextBytes(much);
      try (RecordWriter out = new RecordWriter()) {
        byte[] record = out.u8(1).fixed(much).u8(2).toBytes();

        assertThat(record).hasSize(100_002).startsWith(1).endsWith(2);
        assertThat(Arrays.copyOfRange(record, 1, 100_001)).isEqualTo(much);
      }
    }

    @Test
    void close_forgetsWhatWasWritten() {
      RecordWriter out = new RecordWriter().text("secret");
      byte[] copy = out.toBytes();
      out.close();

      assertThat(out.toBytes()).isEmpty();
      assertThat(copy).endsWith("secret".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void text_withALoneSurrogate_isRefusedBecauseItWouldComeBackAsAnother() {
      try (RecordWriter out = new RecordWriter()) {
        assertThatThrownBy(() -> out.text("a\ud800"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("text must not contain lone surrogates");
      }
    }
  }

  @Nested
  class Corruption {
    @Test
    void read_cutAnywhere_isTooShort() {
      byte[] written = everything();
      for (int length = 0; length < written.length; length++) {
        byte[] cut = Arrays.copyOf(written, length);
        assertThatThrownBy(() -> readEverything(cut))
            .as("%s bytes", length)
            .isInstanceOf(CorruptRecord.class)
            .hasMessage("the record is too short");
      }
    }

    @Test
    void end_withSomethingLeft_isCorrupt() {
      byte[] longer = Arrays.copyOf(everything(), everything().length + 1);

      assertThatThrownBy(() -> readEverything(longer))
          .isInstanceOf(CorruptRecord.class)
          .hasMessage("something follows the record");
    }

    @ParameterizedTest
    @CsvSource({
      "flag, 02, a flag is 0 or 1",
      "optional, ff00, a flag is 0 or 1",
      "bytes, ffffffff, the record is too short",
      "bytes, 7fffffff00, the record is too short",
      "text, 80000000, the record is too short",
      "text, 00000001ff, text is not UTF-8",
      "text, 00000003eda080, text is not UTF-8",
      "text, 00000002c080, text is not UTF-8",
      "all, ffffffff, the record is too short",
      "all, 7fffffff0000, the record is too short",
      "texts, 7fffffff0000, the record is too short",
      "texts, 00000002000000016100000000000000016100000000, a name is there twice",
      "instant, 7fffffffffffffff00000000, a moment is out of range",
      "instant, 80000000000000007fffffff, a moment is out of range",
      "format, 02, format 2 is not known"
    })
    void read_whatDoesNotFit_isCorrupt(String field, String hex, String message) {
      RecordReader in = new RecordReader(HexFormat.of().parseHex(hex));

      assertThatThrownBy(() -> {
            switch (field) {
              case "flag" -> in.flag();
              case "optional" -> in.optional(RecordReader::text);
              case "bytes" -> in.bytes();
              case "text" -> in.text();
              case "all" -> in.all(RecordReader::u8);
              case "texts" -> in.texts();
              case "instant" -> in.instant();
              default -> in.format(1);
            }
          })
          .isInstanceOf(CorruptRecord.class)
          .hasMessage(message);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.strongroom.spi.RecordReaderTest#seeds")
    void read_anyChange_givesAValueOrCorruptRecordAndNothingElse(long seed) {
      Random random = new Random(seed);
      byte[] changed = everything();
      for (int i = random.nextInt(4); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }

      try {
        readEverything(changed);
      } catch (CorruptRecord e) {
        assertThat(e).hasMessageMatching("[A-Za-z0-9 -]+");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 70_000})
  void bytes_ofAnyLength_comeBack(int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) 9);
    try (RecordWriter out = new RecordWriter()) {
      assertThat(new RecordReader(out.bytes(value).toBytes()).bytes()).isEqualTo(value);
    }
  }

  private static byte[] everything() {
    try (RecordWriter out = new RecordWriter()) {
      out.u8(3).i32(Integer.MIN_VALUE).i64(Long.MAX_VALUE).flag(true).bytes(new byte[] {1, -1});
      out.fixed(new byte[] {5}).text("ä🔑\0").instant(MOMENT);
      out.optional(Optional.of("x"), RecordWriter::text);
      out.all(List.of("a", ""), RecordWriter::text).texts(Map.of("k", "v", "", ""));
      return out.toBytes();
    }
  }

  private static void readEverything(byte[] record) {
    RecordReader in = new RecordReader(record);
    in.format(3);
    in.i32();
    in.i64();
    in.flag();
    in.bytes();
    in.fixed(1);
    in.text();
    in.instant();
    in.optional(RecordReader::text);
    in.all(RecordReader::text);
    in.texts();
    in.end();
  }

  private static String hex(Function<RecordWriter, RecordWriter> write) {
    try (RecordWriter out = new RecordWriter()) {
      return HexFormat.of().formatHex(write.apply(out).toBytes());
    }
  }
}
