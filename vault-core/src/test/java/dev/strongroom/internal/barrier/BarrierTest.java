package dev.strongroom.internal.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.KeyShares;
import dev.strongroom.VaultException;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.StorageException;
import dev.strongroom.spi.StorageKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarrierTest {
  private static final RecordKind<byte[]> SECRET = RecordKind.secretTree("secret");
  private static final RecordKind<byte[]> OTHER = RecordKind.secretTree("other");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Keyring keyring = Keyring.create(
      new Keyring.SealedBy("shamir", new KeyShares(1, 1)), Optional.empty(), NOW, RANDOM);
  private final Barrier barrier = new Barrier(keyring, RANDOM);
  private final BarrierView view = barrier.view(bytes(16), bytes(32));
  private final StorageKey<byte[]> key = SECRET.at("apps/db");
  private final byte[] value = "s3cr3t".getBytes(StandardCharsets.UTF_8);

  @Nested
  class Values {
    @Test
    void open_whatSealMade_givesTheValue() {
      assertThat(view.open(key, view.seal(key, value))).isEqualTo(value);
    }

    @Test
    void seal_twice_givesOtherBytes() {
      assertThat(view.seal(key, value)).isNotEqualTo(view.seal(key, value));
    }

    @Test
    void open_everyByteChanged_isRefused() {
      byte[] sealed = view.seal(key, value);
      for (int i = 0; i < sealed.length; i++) {
        byte[] changed = sealed.clone();
        changed[i] ^= 1;
        assertThatThrownBy(() -> view.open(key, changed))
            .as("byte %s", i)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("kind secret")
            .hasMessageNotContaining("apps");
      }
    }

    @Test
    void open_truncatedOrExtended_isRefused() {
      byte[] sealed = view.seal(key, value);
      for (int length = 0; length < sealed.length; length++) {
        byte[] shorter = Arrays.copyOf(sealed, length);
        assertThatThrownBy(() -> view.open(key, shorter)).isInstanceOf(StorageException.class);
      }
      assertThatThrownBy(() -> view.open(key, Arrays.copyOf(sealed, sealed.length + 1)))
          .isInstanceOf(StorageException.class);
    }

    @Test
    void open_movedToAnotherKeyKindOrContainer_isRefused() {
      byte[] sealed = view.seal(key, value);
      byte[] id = bytes(16);
      byte[] secret = bytes(32);
      BarrierView one = barrier.view(id, secret);
      BarrierView sameSecretOtherId = barrier.view(bytes(16), secret);

      assertThatThrownBy(() -> view.open(SECRET.at("apps/db2"), sealed))
          .isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> view.open(OTHER.at("apps/db"), sealed))
          .isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> one.open(key, sealed)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> sameSecretOtherId.open(key, one.seal(key, value)))
          .isInstanceOf(StorageException.class);
    }

    @Test
    void rotate_earlierValues_stayReadableAndNewOnesHaveTheNewTerm() {
      byte[] before = view.seal(key, value);
      barrier.replace(keyring.rotated(NOW, RANDOM));
      byte[] after = view.seal(key, value);

      assertThat(Barrier.termOf(before)).isEqualTo(1);
      assertThat(Barrier.termOf(after)).isEqualTo(2);
      assertThat(view.open(key, before)).isEqualTo(value);
      assertThat(view.open(key, after)).isEqualTo(value);
    }
  }

  @Nested
  class Names {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "a",
          "exactly16bytes!!",
          "a much longer name than a block",
          "päivää",
          "🔑",
          "folder/"
        })
    void name_ofAnAddress_isReadableByItsContainerOnly(String name) {
      var address = view.address(SECRET, "apps/", name);

      assertThat(view.name(address.parent(), address.name())).isEqualTo(name);
      assertThat(address.name().length % 16).isZero();
      assertThatThrownBy(
              () -> barrier.view(bytes(16), bytes(32)).name(address.parent(), address.name()))
          .isInstanceOf(StorageException.class);
    }

    @Test
    void address_sameKey_isTheSameEachTime() {
      assertThat(view.address(key)).isEqualTo(view.address(SECRET.at("apps/db")));
    }

    @Test
    void address_otherFolderKindOrName_isAnother() {
      assertThat(view.address(key))
          .isNotEqualTo(view.address(SECRET.at("apps2/db")))
          .isNotEqualTo(view.address(OTHER.at("apps/db")))
          .isNotEqualTo(view.address(SECRET.at("apps/db2")))
          .isNotEqualTo(view.address(SECRET, "apps/", "db/"));
    }

    @Test
    void name_withAnotherParent_isRefused() {
      var address = view.address(key);
      assertThatThrownBy(() -> view.name(view.children(SECRET, "other/"), address.name()))
          .isInstanceOf(StorageException.class);
    }

    @Test
    void viewOfNames_findsAndNamesRowsButOpensNothing() {
      BarrierView names = barrier.viewOfNames(view.exposeNameKeys());

      assertThat(names.address(key)).isEqualTo(view.address(key));
      assertThatThrownBy(() -> names.open(key, view.seal(key, value)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class WhenSealed {
    @Test
    void everyUse_isRefusedAsSealed() {
      byte[] sealed = view.seal(key, value);
      barrier.close();

      assertSealed(() -> view.open(key, sealed));
      assertSealed(() -> view.seal(key, value));
      assertSealed(() -> view.address(key));
      assertSealed(() -> barrier.view(bytes(16), bytes(32)));
    }

    @Test
    void keyring_isOverwritten() {
      barrier.close();

      assertThat(keyring.activeTerm().key()).containsOnly(0);
      assertThat(keyring.systemSecret()).containsOnly(0);
    }

    @Test
    void aViewClosedAlone_saysThatItsMountIsGone() {
      view.close();

      assertThatThrownBy(() -> view.seal(key, value))
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    private void assertSealed(Runnable use) {
      assertThatThrownBy(use::run)
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SEALED));
    }
  }

  @Nested
  class KeyringRow {
    private final byte[] rootKey = bytes(32);
    private final byte[] storeId = bytes(16);

    @Test
    void open_whatSealMade_hasEverything() {
      Keyring rotated = keyring.rotated(NOW.plusSeconds(5), RANDOM);

      Keyring opened =
          Keyring.open(rootKey, storeId, rotated.seal(rootKey, storeId, RANDOM)).orElseThrow();

      assertThat(opened.generation()).isEqualTo(2);
      assertThat(opened.terms()).hasSize(2);
      assertThat(opened.activeTerm().key()).isEqualTo(rotated.activeTerm().key());
      assertThat(opened.activeTerm().installedAt()).isEqualTo(NOW.plusSeconds(5));
      assertThat(opened.systemSecret()).isEqualTo(keyring.systemSecret());
      assertThat(opened.seal()).isEqualTo(keyring.seal());
    }

    @Test
    void open_anotherRootKeyOrStore_isEmpty() {
      byte[] sealed = keyring.seal(rootKey, storeId, RANDOM);

      assertThat(Keyring.open(bytes(32), storeId, sealed)).isEmpty();
      assertThat(Keyring.open(rootKey, bytes(16), sealed)).isEmpty();
      assertThat(Keyring.open(rootKey, storeId, new byte[5])).isEmpty();
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
