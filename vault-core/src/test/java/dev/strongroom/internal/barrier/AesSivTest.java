package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AesSivTest {
  private static final HexFormat HEX = HexFormat.of();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 100);
  }

  @Test
  void seal_rfc5297AppendixA1_givesItsBytes() {
    AesSiv siv = new AesSiv(
        HEX.parseHex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
    byte[] associatedData = HEX.parseHex("101112131415161718191a1b1c1d1e1f2021222324252627");
    byte[] plaintext = HEX.parseHex("112233445566778899aabbccddee");

    byte[] sealed = siv.seal(associatedData, plaintext);

    assertThat(HEX.formatHex(sealed))
        .isEqualTo("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");
    assertThat(siv.open(associatedData, sealed)).contains(plaintext);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void open_whatSealMade_givesThePlaintext(long seed) {
    Random random = new Random(seed);
    AesSiv siv = new AesSiv(bytes(random, 64));
    byte[] associatedData = bytes(random, 16);
    byte[] plaintext = bytes(random, random.nextInt(100));

    byte[] sealed = siv.seal(associatedData, plaintext);

    assertThat(siv.open(associatedData, sealed)).contains(plaintext);
    assertThat(siv.seal(associatedData, plaintext)).isEqualTo(sealed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void open_anyBitFlipped_isEmpty(long seed) {
    Random random = new Random(seed);
    AesSiv siv = new AesSiv(bytes(random, 64));
    byte[] associatedData = bytes(random, 16);
    byte[] sealed = siv.seal(associatedData, bytes(random, 16));
    int bit = random.nextInt(8 * sealed.length);

    sealed[bit / 8] ^= (byte) (1 << bit % 8);

    assertThat(siv.open(associatedData, sealed)).isEmpty();
  }

  @Test
  void open_otherAssociatedDataOrTooShort_isEmpty() {
    AesSiv siv = new AesSiv(new byte[64]);
    byte[] sealed = siv.seal(new byte[16], "name".getBytes(StandardCharsets.UTF_8));

    assertThat(siv.open(new byte[15], sealed)).isEmpty();
    assertThat(siv.open(new byte[16], new byte[15])).isEmpty();
  }

  @Test
  void wipe_afterwards_sealsAsWithAZeroKey() {
    AesSiv siv = new AesSiv(bytes(new Random(1), 64));

    siv.wipe();

    byte[] name = "name".getBytes(StandardCharsets.UTF_8);
    assertThat(siv.seal(new byte[16], name))
        .isEqualTo(new AesSiv(new byte[64]).seal(new byte[16], name));
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
