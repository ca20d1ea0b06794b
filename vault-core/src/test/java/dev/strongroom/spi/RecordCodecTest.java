package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.spi.RecordReader.CorruptRecord;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
  private static final RecordCodec<String> FORMAT_2 =
      RecordCodec.of(2, (text, out) -> out.text(text), RecordReader::text);

  @Test
  void codec_writesItsFormatBeforeTheRecord() {
    assertThat(HexFormat.of().formatHex(write("ab"))).isEqualTo("02" + "00000002" + "6162");
  }

  @Test
  void codec_ofWhatItWrote_readsTheSame() {
    assertThat(FORMAT_2.read(new RecordReader(write("ab")))).isEqualTo("ab");
  }

  @Test
  void codec_ofAnotherFormat_isRefused() {
    byte[] later = write("ab");
    later[0] = 3;

    assertThatThrownBy(() -> FORMAT_2.read(new RecordReader(later)))
        .isInstanceOf(CorruptRecord.class)
        .hasMessage("format 3 is not known");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void format_thatIsNotAByte_isRefused(int format) {
    assertThatThrownBy(() -> RecordCodec.of(format, (value, out) -> {}, in -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a format is a number from 0 to 255, but got " + format);
  }

  private static byte[] write(String text) {
    try (RecordWriter out = new RecordWriter()) {
      FORMAT_2.write(text, out);
      return out.toBytes();
    }
  }
}
