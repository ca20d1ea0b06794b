package dev.strongroom.internal.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unseal sequences of the vectors, against a vault with shares of its own. */
class UnsealSequencesTest {
  private static final HexFormat HEX = HexFormat.of();

  static Stream<ShamirVectors.Case> sequences() {
    return ShamirVectors.cases("unseal_sequences");
  }

  @ParameterizedTest
  @MethodSource("sequences")
  void unseal_stepByStep_answersAsTheReference(ShamirVectors.Case sequence) {
    List<byte[]> theirs = sequence.has("shares_from")
        ? ShamirVectors.split(sequence.text("shares_from")).shares()
        : List.of(HEX.parseHex(sequence.text("unseal_key_hex")));
    KeyShares shares = new KeyShares(sequence.number("parts"), sequence.number("threshold"));
    try (Vault vault = Vault.builder().storage(InMemoryStorage.create()).open();
        InitialKeys keys = vault.initialize(shares)) {
      List<byte[]> ours = keys.shares().stream().map(KeyShare::exposeBytes).toList();
      String nonce = "";
      for (ShamirVectors.Case step : sequence.steps()) {
        if (step.has("error")) {
          assertThatThrownBy(() -> give(vault, step, theirs, ours))
              .isInstanceOfSatisfying(VaultException.class, e -> assertThat(e.code())
                  .isEqualTo(ErrorCode.INVALID_REQUEST))
              .hasMessageStartingWith(withoutLibraryText(step.text("error")));
        } else {
          give(vault, step, theirs, ours);
        }
        SealStatus status = vault.sealStatus();
        assertThat(status.given())
            .isEqualTo(step.number(step.has("error") ? "progress_after" : "progress"));
        assertThat(status.sealed()).isEqualTo(step.json().get("sealed"));
        assertThat(status.nonce().isPresent()).isEqualTo(status.given() > 0);
        if (status.nonce().isPresent() && !nonce.isEmpty()) {
          assertThat(status.nonce()).contains(nonce);
        }
        nonce = status.nonce().orElse("");
      }
    }
  }

  private static void give(
      Vault vault, ShamirVectors.Case step, List<byte[]> theirs, List<byte[]> ours) {
    if (step.has("reset")) {
      vault.resetUnseal();
      return;
    }
    byte[] share = step.has("submit_base64")
        ? Base64.getDecoder().decode(step.text("submit_base64"))
        : translated(HEX.parseHex(step.text("submit_hex")), theirs, ours);
    try (KeyShare given = KeyShare.copyOf(share)) {
      vault.unseal(given);
    }
  }

  /** The share of ours that stands for one of theirs, damaged in the same way. */
  private static byte[] translated(byte[] share, List<byte[]> theirs, List<byte[]> ours) {
    for (int i = 0; i < theirs.size(); i++) {
      byte[] original = theirs.get(i);
      int shared = Math.min(share.length, original.length);
      if (Arrays.mismatch(share, 0, shared - 1, original, 0, shared - 1) == -1
          || Arrays.mismatch(share, 1, shared, original, 1, shared) == -1) {
        byte[] ourShare = Arrays.copyOf(ours.get(i), share.length);
        for (int j = 0; j < share.length; j++) {
          ourShare[j] ^= j < original.length ? (byte) (share[j] ^ original[j]) : share[j];
        }
        return withOurX(ourShare, share, original, theirs, ours);
      }
    }
    throw new IllegalArgumentException("no share is like " + HEX.formatHex(share));
  }

  private static byte[] withOurX(
      byte[] ourShare, byte[] share, byte[] original, List<byte[]> theirs, List<byte[]> ours) {
    int last = share.length - 1;
    if (share.length == original.length && share[last] != original[last]) {
      for (int i = 0; i < theirs.size(); i++) {
        if (theirs.get(i)[last] == share[last]) {
          ourShare[last] = ours.get(i)[last];
        }
      }
    }
    return ourShare;
  }

  /** Texts of the reference's library are not ours. */
  private static String withoutLibraryText(String error) {
    return error
        .replace("cipher: message authentication failed", "")
        .replace("crypto/aes: invalid key size 33", "");
  }
}
