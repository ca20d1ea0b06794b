package dev.strongroom.internal.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RandomTextTest {

  /** Draws every byte equally often: 0 to 255, again and again. */
  private static final class EachByteInTurn extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte next;

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = next++;
      }
    }
  }

  @Test
  void base62_everyByteEquallyOften_everyCharacterEquallyOften() {
    RandomText random = new RandomText(new EachByteInTurn());

    Map<Character, Long> counts = random
        .base62(10 * 4 * 62)
        .chars()
        .mapToObj(c -> (char) c)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

    assertThat(counts).hasSize(62);
    assertThat(counts.values()).containsOnly(40L);
  }

  @Test
  void base62_anyLength_hasThatLength() {
    RandomText random = new RandomText(new SecureRandom());

    assertThat(random.base62(0)).isEmpty();
    assertThat(random.base62(1)).matches("[0-9A-Za-z]");
    assertThat(random.base62(1_000)).matches("[0-9A-Za-z]{1000}");
  }
}
