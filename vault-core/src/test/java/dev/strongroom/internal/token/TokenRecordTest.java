package dev.strongroom.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.internal.token.TokenRecord.State;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordReader.CorruptRecord;
import dev.strongroom.spi.RecordWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenRecordTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
  private static final TokenRecord FULL = new TokenRecord(
      State.ACTIVE,
      TokenType.SERVICE,
      Optional.of("parent"),
      "accessor",
      "cubbyhole",
      List.of("default", "päivä"),
      "auth/token/create",
      Optional.of("role"),
      Optional.of("entity"),
      Map.of("k", "v", "", ""),
      "token-x",
      3,
      List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("2001:db8::1")),
      NOW,
      Optional.of(NOW.plusSeconds(60)),
      Duration.ofSeconds(60),
      Duration.ofHours(2),
      Duration.ofHours(1),
      true,
      Optional.of(NOW.plusSeconds(5)),
      Optional.of(new TokenRecord.Issuer("auth_1", Map.of("role", "r"))));
  private static final TokenRecord BARE = new TokenRecord(
      State.ACTIVE,
      TokenType.SERVICE,
      Optional.empty(),
      "",
      "",
      List.of("root"),
      "",
      Optional.empty(),
      Optional.empty(),
      Map.of(),
      "",
      0,
      List.of(),
      NOW,
      Optional.empty(),
      Duration.ZERO,
      Duration.ZERO,
      Duration.ZERO,
      false,
      Optional.empty(),
      Optional.empty());

  static Stream<TokenRecord> records() {
    return Stream.concat(Stream.of(BARE), Stream.of(State.values()).map(FULL::withState));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  @Test
  void changes_changeNothingElse() {
    assertThat(FULL.withState(State.REVOKING))
        .usingRecursiveComparison()
        .ignoringFields("state")
        .isEqualTo(FULL);
    assertThat(FULL.orphaned())
        .usingRecursiveComparison()
        .ignoringFields("parent")
        .isEqualTo(FULL);
    assertThat(FULL.renewed(NOW.plusSeconds(9), Duration.ofSeconds(30)))
        .usingRecursiveComparison()
        .ignoringFields("expiresAt", "lastRenewal")
        .isEqualTo(FULL);
  }

  @Test
  void changes_takeEffect() {
    TokenRecord renewed = FULL.renewed(NOW.plusSeconds(9), Duration.ofSeconds(30));

    assertThat(renewed.expiresAt()).contains(NOW.plusSeconds(39));
    assertThat(renewed.lastRenewal()).contains(NOW.plusSeconds(9));
    assertThat(FULL.withState(State.RELEASED).state()).isEqualTo(State.RELEASED);
    assertThat(FULL.orphaned().isOrphan()).isTrue();
    assertThat(FULL.isOrphan()).isFalse();
    assertThat(FULL.isRoot()).isFalse();
    assertThat(BARE.isRoot()).isTrue();
  }

  @Nested
  class Codec {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.token.TokenRecordTest#records")
    void read_whatWasWritten_givesItBack(TokenRecord token) {
      assertThat(read(write(token))).isEqualTo(token);
    }

    @Test
    void read_cutAnywhere_isCorrupt() {
      byte[] written = write(FULL);
      for (int length = 0; length < written.length; length++) {
        byte[] cut = Arrays.copyOf(written, length);
        assertThatThrownBy(() -> read(cut)).isInstanceOf(CorruptRecord.class);
      }
    }

    @Test
    void read_anotherFormatOrState_isCorrupt() {
      byte[] format = write(FULL);
      format[0] = 2;
      byte[] state = write(FULL);
      state[1] = 4;

      assertThatThrownBy(() -> read(format)).hasMessage("format 2 is not known");
      assertThatThrownBy(() -> read(state))
          .isInstanceOf(CorruptRecord.class)
          .hasMessage("token state 4 is not known");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.strongroom.internal.token.TokenRecordTest#seeds")
    void read_anyChange_givesARecordOrCorruptRecordAndNothingElse(long seed) {
      Random random = new Random(seed);
      byte[] changed = write(FULL);
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));

      try {
        assertThat(read(changed)).isNotEqualTo(FULL);
      } catch (CorruptRecord e) {
        assertThat(e).hasNoCause();
      }
    }

    private byte[] write(TokenRecord token) {
      try (RecordWriter out = new RecordWriter()) {
        TokenRecord.CODEC.write(token, out);
        return out.toBytes();
      }
    }

    private TokenRecord read(byte[] bytes) {
      RecordReader in = new RecordReader(bytes);
      TokenRecord read = TokenRecord.CODEC.read(in);
      in.end();
      return read;
    }
  }
}
