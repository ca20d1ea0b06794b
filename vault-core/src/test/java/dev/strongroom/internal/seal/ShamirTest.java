package dev.strongroom.internal.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The vectors were made by an independent implementation of the share format of HashiCorp Vault and
 * OpenBao.
 */
class ShamirTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  static Stream<ShamirVectors.Case> splits() {
    return ShamirVectors.cases("splits");
  }

  static Stream<ShamirVectors.Case> deterministic() {
    return ShamirVectors.cases("deterministic");
  }

  static Stream<ShamirVectors.Case> wrongResults() {
    return ShamirVectors.cases("wrong_result");
  }

  static Stream<ShamirVectors.Case> combineErrors() {
    return ShamirVectors.cases("combine_errors");
  }

  static Stream<ShamirVectors.Case> splitErrors() {
    return ShamirVectors.cases("split_errors");
  }

  static Stream<ShamirVectors.Case> sharesAtZero() {
    return ShamirVectors.cases("questionable");
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 50);
  }

  @Nested
  class Combine {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#splits")
    void combine_anySubsetOfTheVector_givesTheSecret(ShamirVectors.Case vector) {
      List<byte[]> shares = vector.shares();
      for (List<Integer> subset : vector.subsets()) {
        byte[] secret = Shamir.combine(subset.stream().map(shares::get).toList());
        assertThat(HEX.formatHex(secret))
            .as("%s of %s", subset, vector)
            .isEqualTo(vector.text("secret_hex"));
      }
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#splits")
    void combine_tooFewShares_givesWrongBytesWithoutAnError(ShamirVectors.Case vector) {
      List<byte[]> shares = vector.shares();
      vector.insufficient().forEach((indices, result) -> assertThat(
              HEX.formatHex(Shamir.combine(indices.stream().map(shares::get).toList())))
          .isEqualTo(result));
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#deterministic")
    void combine_sharesOfKnownPolynomials_givesTheSecret(ShamirVectors.Case vector) {
      List<byte[]> shares = vector.hexList("shares_hex");
      assertThat(HEX.formatHex(Shamir.combine(shares.subList(0, vector.number("threshold")))))
          .isEqualTo(vector.text("secret_hex"));
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#wrongResults")
    void combine_damagedShares_givesExactlyTheseWrongBytes(ShamirVectors.Case vector) {
      assertThat(HEX.formatHex(Shamir.combine(vector.hexList("parts_hex"))))
          .isEqualTo(vector.text("result_hex"));
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#combineErrors")
    void combine_partsThatAreNoShares_isRefused(ShamirVectors.Case vector) {
      assertThatThrownBy(() -> Shamir.combine(vector.hexList("parts_hex")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(vector.text("error"));
    }

    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#sharesAtZero")
    void combine_aShareAtZero_isRefused(ShamirVectors.Case vector) {
      assertThatThrownBy(() -> Shamir.combine(vector.hexList("parts_hex")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("x = 0");
    }
  }

  /**
   * What the field computes shows in the line through (b + 1, a) and (1, 0), which is a / b at
   * zero.
   */
  @Nested
  class Field {
    private final ShamirVectors.Case field = ShamirVectors.field();
    private final byte[] inverses = HEX.parseHex(field.text("all_inverses_hex"));

    @Test
    void quotients_areThoseOfTheVector() {
      for (ShamirVectors.Case vector : field.list("divide")) {
        assertThat(quotient(vector.number("a"), vector.number("b")))
            .as("%s", vector.json())
            .isEqualTo(vector.number("quotient"));
      }
      for (ShamirVectors.Case vector : field.list("inverse").subList(1, 22)) { // 1 / 1 needs x = 0
        assertThat(quotient(1, vector.number("a")))
            .as("%s", vector.json())
            .isEqualTo(vector.number("inverse"))
            .isEqualTo(inverses[vector.number("a")] & 0xff);
      }
    }

    @Test
    void products_areThoseOfTheVector() throws NoSuchAlgorithmException {
      byte[][] products = products();
      for (ShamirVectors.Case vector : field.list("multiply")) {
        assertThat(products[vector.number("b")][vector.number("a")] & 0xff)
            .as("%s", vector.json())
            .isEqualTo(vector.number("product"));
      }
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] row : products) {
        digest.update(row);
      }
      assertThat(HEX.formatHex(digest.digest())).isEqualTo(field.text("all_products_sha256"));
    }

    private byte[][] products() {
      byte[] all = new byte[256];
      for (int a = 0; a < 256; a++) {
        all[a] = (byte) a;
      }
      byte[][] products = new byte[256][];
      products[0] = new byte[256];
      products[1] = all;
      for (int b = 2; b < 256; b++) {
        products[b] = quotients(all, inverses[b] & 0xff);
      }
      return products;
    }

    private static int quotient(int a, int b) {
      return quotients(new byte[] {(byte) a}, b)[0] & 0xff;
    }

    private static byte[] quotients(byte[] dividends, int divisor) {
      byte[] line = Arrays.copyOf(dividends, dividends.length + 1);
      line[dividends.length] = (byte) (divisor ^ 1);
      byte[] zero = new byte[dividends.length + 1];
      zero[dividends.length] = 1;
      return Shamir.combine(List.of(line, zero));
    }
  }

  @Nested
  class Sets {
    @Test
    void combine_anySetOfBytes_givesBytesOrTheOneRefusal() {
      Random random = new Random(1);
      for (int i = 0; i < 20_000; i++) {
        List<byte[]> parts = new ArrayList<>();
        int length = random.nextInt(4);
        for (int n = random.nextInt(5); n > 0; n--) {
          byte[] part = new byte[random.nextInt(8) == 0 ? random.nextInt(4) : length];
          random.nextBytes(part);
          parts.add(part);
        }
        try {
          assertThat(Shamir.combine(parts)).hasSize(length - 1);
        } catch (IllegalArgumentException e) {
          assertThat(e).hasMessageMatching("[a-z0-9= ]+");
        }
      }
    }

    @Test
    void combine_256Shares_cannotAllBeDifferent() {
      List<byte[]> parts = new ArrayList<>();
      for (int x = 1; x <= 256; x++) {
        parts.add(new byte[] {1, (byte) x});
      }
      assertThat(Shamir.combine(parts.subList(0, 255))).containsExactly(1);
      assertThatThrownBy(() -> Shamir.combine(parts))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a part with x = 0 is not a share");
    }
  }

  @Nested
  class Split {
    @ParameterizedTest
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#splitErrors")
    void split_impossibleNumbers_isRefused(ShamirVectors.Case vector) {
      byte[] secret = HEX.parseHex(vector.text("secret_hex"));
      assertThatThrownBy(() ->
              Shamir.split(secret, vector.number("parts"), vector.number("threshold"), RANDOM))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(vector.text("error"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.strongroom.internal.seal.ShamirTest#seeds")
    void splitThenCombine_anyThresholdOfShares_givesTheSecret(long seed) {
      Random random = new Random(seed);
      byte[] secret = new byte[1 + random.nextInt(64)];
      random.nextBytes(secret);
      int total = 2 + random.nextInt(254);
      int threshold = 2 + random.nextInt(Math.min(total, 20) - 1);

      List<byte[]> shares = new ArrayList<>(Shamir.split(secret, total, threshold, RANDOM));

      assertThat(shares).hasSize(total).allSatisfy(share -> assertThat(share)
          .hasSize(secret.length + 1));
      Collections.shuffle(shares, random);
      assertThat(Shamir.combine(shares.subList(0, threshold))).isEqualTo(secret);
    }

    @Test
    void split_twice_givesOtherShares() {
      byte[] secret = new byte[32];
      assertThat(Shamir.split(secret, 3, 2, RANDOM).get(0))
          .isNotEqualTo(Shamir.split(secret, 3, 2, RANDOM).get(0));
    }

    @Test
    void split_manyTimes_topCoefficientIsZeroAboutOnceIn256() {
      // Forcing it to be another value would leak: one share less could then exclude a candidate.
      Map<Boolean, Long> zeroes = Stream.generate(
              () -> Shamir.split(new byte[] {7}, 2, 2, RANDOM).get(0)[0] == 7)
          .limit(20_000)
          .collect(java.util.stream.Collectors.partitioningBy(
              zero -> zero, java.util.stream.Collectors.counting()));
      assertThat(zeroes.get(true))
          .isBetween(20L, 200L); // 78 expected; beyond this once in 10^9 runs
    }
  }
}
