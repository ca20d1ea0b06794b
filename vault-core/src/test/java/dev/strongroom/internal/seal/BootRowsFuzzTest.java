package dev.strongroom.internal.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.strongroom.KeyShares;
import dev.strongroom.Mutations;
import dev.strongroom.internal.aead.Aead;
import dev.strongroom.internal.barrier.Keyring;
import dev.strongroom.internal.snapshot.SnapshotFile;
import dev.strongroom.spi.StorageException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are nearly the rows a vault begins with; the first byte says which. */
class BootRowsFuzzTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final byte[] ROOT_KEY = new byte[32];
  private static final byte[] STORE_ID = new byte[16];
  private static final byte[] KEYRING_DATA =
      ("strongroom keyring " + "\0".repeat(STORE_ID.length)).getBytes(US_ASCII);

  static List<byte[]> seeds() {
    StoreRecord store = new StoreRecord(STORE_ID, NOW, Optional.empty());
    return List.of(
        row(
            0,
            new SealRecord(
                    "shamir",
                    new KeyShares(5, 3),
                    "",
                    1,
                    new byte[60],
                    SealRecord.Progress.UNSEALED)
                .toJson()),
        row(1, store.toJson()),
        row(
            1,
            store
                .restoredAs(new StoreRecord.Restored(
                    NOW, new SnapshotFile.Seal(new byte[32], new byte[32])))
                .toJson()),
        row(2, keyring(Optional.empty())),
        row(2, keyring(Optional.of(new byte[32]))));
  }

  private static byte[] keyring(Optional<byte[]> recoveryDigest) {
    Keyring.SealedBy seal = new Keyring.SealedBy("shamir", new KeyShares(5, 3));
    byte[] sealed = Keyring.create(seal, recoveryDigest, NOW, RANDOM)
        .rotated(NOW, RANDOM)
        .seal(ROOT_KEY, STORE_ID, RANDOM);
    return Aead.open(ROOT_KEY, KEYRING_DATA, sealed).orElseThrow();
  }

  private static byte[] row(int which, byte[] bytes) {
    byte[] row = new byte[bytes.length + 1];
    row[0] = (byte) which;
    System.arraycopy(bytes, 0, row, 1, bytes.length);
    return row;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void read_mutatedRow_isReadOrRefused(long seed) {
    Mutations.run(seed, 2_500, seeds(), this::read_anyRow_isReadOrRefused);
  }

  @MethodSource("seeds")
  @FuzzTest
  void read_anyRow_isReadOrRefused(byte[] row) {
    if (row.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(row, 1, row.length);
    try {
      switch (row[0] % 3) {
        case 0 -> {
          SealRecord seal = SealRecord.parse(bytes);
          assertThat(SealRecord.parse(seal.toJson()).toJson()).isEqualTo(seal.toJson());
        }
        case 1 -> {
          StoreRecord store = StoreRecord.parse(bytes);
          assertThat(StoreRecord.parse(store.toJson()).toJson()).isEqualTo(store.toJson());
        }
        default -> {
          byte[] sealed = Aead.seal(ROOT_KEY, KEYRING_DATA, bytes, RANDOM);
          Keyring keyring = Keyring.open(ROOT_KEY, STORE_ID, sealed).orElseThrow();
          assertThat(Keyring.open(ROOT_KEY, STORE_ID, keyring.seal(ROOT_KEY, STORE_ID, RANDOM)))
              .isPresent();
        }
      }
    } catch (StorageException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
