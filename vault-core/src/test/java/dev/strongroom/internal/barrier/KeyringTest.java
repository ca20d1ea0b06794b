package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.strongroom.KeyShares;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Keyring.SealedBy;
import dev.strongroom.internal.barrier.Keyring.Term;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.StorageException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KeyringTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SealedBy SEAL = new SealedBy("shamir", new KeyShares(5, 3));

  private final byte[] rootKey = new byte[32];
  private final byte[] storeId = new byte[16];
  private final Keyring keyring = Keyring.create(SEAL, Optional.of(new byte[] {1, 2}), NOW, RANDOM);

  @Nested
  class Terms {
    @Test
    void create_hasOneTermAndRandomKeys() {
      Keyring other = Keyring.create(SEAL, Optional.empty(), NOW, RANDOM);

      assertThat(keyring.generation()).isEqualTo(1);
      assertThat(keyring.activeTerm().number()).isEqualTo(1);
      assertThat(keyring.activeTerm().installedAt()).isEqualTo(NOW);
      assertThat(keyring.activeTerm().key())
          .hasSize(32)
          .isNotEqualTo(other.activeTerm().key());
      assertThat(keyring.systemSecret())
          .hasSize(32)
          .isNotEqualTo(other.systemSecret())
          .isNotEqualTo(keyring.activeTerm().key());
    }

    @Test
    void rotated_addsATermAndKeepsTheRest() {
      Keyring rotated =
          keyring.rotated(NOW.plusSeconds(1), RANDOM).rotated(NOW.plusSeconds(2), RANDOM);

      assertThat(rotated.generation()).isEqualTo(3);
      assertThat(rotated.terms()).extracting(Term::number).containsExactly(1, 2, 3);
      assertThat(rotated.terms().get(0)).isSameAs(keyring.activeTerm());
      assertThat(rotated.systemSecret()).isSameAs(keyring.systemSecret());
      assertThat(rotated.recoveryDigest()).isEqualTo(keyring.recoveryDigest());
      assertThat(rotated.activeTerm().installedAt()).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void term_byNumber_isFoundOrNot() {
      Keyring rotated = keyring.rotated(NOW, RANDOM);

      assertThat(rotated.term(1)).contains(rotated.terms().get(0));
      assertThat(rotated.term(2)).contains(rotated.activeTerm());
      for (int unknown : new int[] {0, 3, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertThat(rotated.term(unknown)).isEmpty();
      }
    }

    @Test
    void derive_forEachPurpose_isAKeyOfItsOwn() {
      assertThat(keyring.derive("a"))
          .hasSize(32)
          .isEqualTo(keyring.derive("a"))
          .isNotEqualTo(keyring.derive("b"))
          .isNotEqualTo(keyring.systemSecret());
    }

    @Test
    void wipe_overwritesEveryKey() {
      Keyring rotated = keyring.rotated(NOW, RANDOM);
      rotated.wipe();

      assertThat(rotated.terms()).allSatisfy(term -> assertThat(term.key()).containsOnly(0));
      assertThat(rotated.systemSecret()).containsOnly(0);
    }

    @Test
    void print_showsNoKey() {
      assertThat(keyring).hasToString("Keyring[generation 1, 1 terms]");
      assertThat(keyring.activeTerm()).hasToString("Term[1, installed 2026-01-01T00:00:00Z]");
    }

    @Test
    void terms_withoutOneOrWithAGap_areRefused() {
      Term second = new Term(2, new byte[32], NOW);

      assertThatThrownBy(() -> keyringOf(List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a keyring has a term");
      for (List<Term> terms :
          List.of(List.of(second), List.of(keyring.activeTerm(), second, second))) {
        assertThatThrownBy(() -> keyringOf(terms))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("terms are numbered from 1 without a gap");
      }
    }
  }

  @Nested
  class Row {
    static Stream<Arguments> corrupt() {
      return Stream.of(
          arguments("another format", written(out -> out.u8(2)), "format 2 is not known"),
          arguments("nothing", new byte[0], "the record is too short"),
          arguments(
              "no terms",
              written(out -> keyringBytes(out, 3).fixed(new byte[0])),
              "a keyring has a term"),
          arguments(
              "a gap",
              written(out -> keyringBytes(out, 3, 1, 3)),
              "terms are numbered from 1 without a gap"),
          arguments(
              "impossible shares",
              written(out -> keyringBytes(out, 9, 1)),
              "need 1 of 1, or 2 <= threshold <= total <= 255, but got threshold 9 of 5"),
          arguments(
              "something behind",
              written(out -> keyringBytes(out, 3, 1).u8(0)),
              "something follows the record"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corrupt")
    void open_whatIsNoKeyring_isRefusedWithoutAKeyInTheText(
        String label, byte[] plain, String reason) {
      byte[] sealed = Aead.seal(rootKey, associatedData(), plain, RANDOM);

      assertThatThrownBy(() -> Keyring.open(rootKey, storeId, sealed))
          .isInstanceOf(StorageException.class)
          .hasMessage("the keyring is corrupt: " + reason);
    }

    @Test
    void open_cutAnywhere_isRefused() {
      byte[] plain = written(out -> keyringBytes(out, 3, 1, 2));
      for (int length = 0; length < plain.length; length++) {
        byte[] sealed = Aead.seal(rootKey, associatedData(), Arrays.copyOf(plain, length), RANDOM);
        assertThatThrownBy(() -> Keyring.open(rootKey, storeId, sealed))
            .isInstanceOf(StorageException.class);
      }
      assertThat(
              Keyring.open(rootKey, storeId, Aead.seal(rootKey, associatedData(), plain, RANDOM)))
          .hasValueSatisfying(read -> assertThat(read.terms()).hasSize(2));
    }

    @Test
    void open_anyByteChanged_isEmpty() {
      byte[] sealed = keyring.seal(rootKey, storeId, RANDOM);
      for (int i = 0; i < sealed.length; i++) {
        byte[] changed = sealed.clone();
        changed[i] ^= 1;
        assertThat(Keyring.open(rootKey, storeId, changed)).as("byte %s", i).isEmpty();
      }
    }

    @Test
    void open_aRecoveryDigest_hasIt() {
      Keyring opened =
          Keyring.open(rootKey, storeId, keyring.seal(rootKey, storeId, RANDOM)).orElseThrow();

      assertThat(opened.recoveryDigest())
          .hasValueSatisfying(digest -> assertThat(digest).containsExactly(1, 2));
    }

    private byte[] associatedData() {
      byte[] label = "strongroom keyring ".getBytes(StandardCharsets.US_ASCII);
      return Arrays.copyOf(label, label.length + storeId.length);
    }

    private static byte[] written(Consumer<RecordWriter> write) {
      try (RecordWriter out = new RecordWriter()) {
        write.accept(out);
        return out.toBytes();
      }
    }

    private static RecordWriter keyringBytes(RecordWriter out, int threshold, Integer... terms) {
      out.u8(1).i64(7);
      out.all(List.of(terms), (o, number) -> o.i32(number).fixed(new byte[32]).instant(NOW));
      return out.fixed(new byte[32])
          .text("shamir")
          .u8(5)
          .u8(threshold)
          .flag(false)
          .flag(false);
    }
  }

  private static Keyring keyringOf(List<Term> terms) {
    return new Keyring(1, terms, new byte[32], SEAL, Optional.empty(), Optional.empty());
  }
}
