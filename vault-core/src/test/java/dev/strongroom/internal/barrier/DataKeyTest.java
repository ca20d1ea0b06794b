package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.KeyShares;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataKeyTest {
  private static final byte[] KEY = HexFormat.of().parseHex("01".repeat(32));
  private static final byte[] NONCE = HexFormat.of().parseHex("0102030405060708090a0b0c");
  private static final byte[] CONTAINER = HexFormat.of().parseHex("aa".repeat(16));
  private static final byte[] RECORD = {4, 'k', 'i', 'n', 'd'};
  private static final byte[] VALUE = "s3cr3t".getBytes(StandardCharsets.US_ASCII);

  private final byte[] keyBytes = KEY.clone();
  private final DataKey key = new DataKey(keyBytes, 7);

  @Test
  void seal_aValue_hasFormatTermNonceCiphertextAndTagInThisOrder() throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, NONCE));
    cipher.updateAAD(new byte[] {1, 0, 0, 0, 7});
    cipher.updateAAD(CONTAINER);
    cipher.updateAAD(RECORD);
    byte[] encrypted = cipher.doFinal(VALUE);

    assertThat(key.seal(NONCE, CONTAINER, RECORD, VALUE))
        .isEqualTo(ByteBuffer.allocate(DataKey.OVERHEAD_BYTES + VALUE.length)
            .put((byte) 1)
            .putInt(7)
            .put(NONCE)
            .put(encrypted)
            .array());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 100_000})
  void open_valuesOfAnyLength_givesThemBack(int length) {
    byte[] value = new byte[length];
    Arrays.fill(value, (byte) 5);

    assertThat(key.open(CONTAINER, RECORD, key.seal(NONCE, CONTAINER, RECORD, value)))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "bb, 046b696e64",
    "aa, 046b696e65",
    "aa, 046b696e6400",
    "aa, 046b696e",
    "aa, 6e046b696e64"
  })
  void open_movedToAnotherContainerOrRecord_isRefused(String containerByte, String record) {
    byte[] sealed = key.seal(NONCE, CONTAINER, RECORD, VALUE);

    assertThatThrownBy(() -> key.open(
            HexFormat.of().parseHex(containerByte.repeat(16)),
            HexFormat.of().parseHex(record),
            sealed))
        .isInstanceOf(StorageException.class)
        .hasMessage("a record was changed or moved outside the vault: it does not authenticate")
        .hasNoCause();
  }

  @Test
  void open_afterARefusal_worksWithTheSameCiphers() {
    byte[] sealed = key.seal(NONCE, CONTAINER, RECORD, VALUE);
    byte[] changed = sealed.clone();
    changed[20] ^= 1;
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> key.open(CONTAINER, RECORD, changed))
          .isInstanceOf(StorageException.class);
      assertThat(key.open(CONTAINER, RECORD, sealed)).isEqualTo(VALUE);
    }
  }

  @Nested
  class Header {
    @Test
    void termOf_aValue_isRead() {
      assertThat(DataKey.termOf(key.seal(NONCE, CONTAINER, RECORD, new byte[0])))
          .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"1, 32", "1, 0", "0, 33", "2, 33", "255, 1000"})
    void termOf_ofAnotherFormatOrTooShort_isRefused(int format, int length) {
      byte[] sealed = new byte[length];
      if (length > 0) {
        sealed[0] = (byte) format;
      }

      assertThatThrownBy(() -> DataKey.termOf(sealed))
          .isInstanceOf(StorageException.class)
          .hasMessage("a record is truncated or of an unknown format");
    }
  }

  @Nested
  class WhenClosed {
    @Test
    void everyUse_isRefusedAndTheKeyIsGone() {
      byte[] sealed = key.seal(NONCE, CONTAINER, RECORD, VALUE);
      key.close();
      key.close();

      assertThat(keyBytes).containsOnly(0);
      assertThatThrownBy(() -> key.seal(NONCE, CONTAINER, RECORD, VALUE))
          .isInstanceOf(DataKey.WipedKeyException.class);
      assertThatThrownBy(() -> key.open(CONTAINER, RECORD, sealed))
          .isInstanceOf(DataKey.WipedKeyException.class);
    }
  }

  @Nested
  class InABarrier {
    private static final RecordKind<byte[]> SECRET = RecordKind.secretTree("secret");

    private final Keyring keyring = Keyring.create(
        new Keyring.SealedBy("shamir", new KeyShares(1, 1)),
        Optional.empty(),
        Instant.EPOCH,
        new SecureRandom());

    @Test
    void seal_whenTheRandomSourceFails_isRefused() {
      SecureRandom broken = new SecureRandom() {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
          throw new ProviderException("no entropy");
        }
      };
      BarrierView view = new Barrier(keyring, broken).view(CONTAINER, KEY);

      assertThatThrownBy(() -> view.seal(SECRET.at("a"), VALUE))
          .isInstanceOf(ProviderException.class);
    }

    @Test
    void open_ofATermThatNobodyHas_isRefused() {
      BarrierView view = new Barrier(keyring, new SecureRandom()).view(CONTAINER, KEY);
      for (int term : new int[] {0, 2, -1, Integer.MIN_VALUE}) {
        byte[] sealed = view.seal(SECRET.at("a"), VALUE);
        ByteBuffer.wrap(sealed).putInt(1, term);
        assertThatThrownBy(() -> view.open(SECRET.at("a"), sealed))
            .isInstanceOf(StorageException.class)
            .hasMessage("cannot open a record of kind secret: there is no key for term " + term);
      }
    }
  }
}
