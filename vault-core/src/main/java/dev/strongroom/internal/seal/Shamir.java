package dev.strongroom.internal.seal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter.Algorithm;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;

/**
 * Shamir's secret sharing over GF(2^8) modulo 0x11b, with shares as HashiCorp Vault and OpenBao
 * write them: the y bytes, then one x byte. Arithmetic is Bouncy Castle's, which is free of tables
 * and branches on secrets since 1.86 but checks nothing, so all checks are here; their texts are
 * those of OpenBao v2.6.2 {@code sdk/helper/shamir/shamir.go}, and x = 0 is refused besides, which
 * would make a single share decide.
 */
final class Shamir {
  private static final int MAX_PARTS = 255;

  private Shamir() {}

  /**
   * Splits a secret into shares with x = 1 to {@code parts}.
   *
   * @throws IllegalArgumentException for numbers out of range or an empty secret
   */
  static List<byte[]> split(byte[] secret, int parts, int threshold, SecureRandom random) {
    require(parts >= threshold, "parts cannot be less than threshold");
    require(parts <= MAX_PARTS, "parts cannot exceed 255");
    require(threshold >= 2, "threshold must be at least 2");
    require(secret.length > 0, "cannot split an empty secret");
    ShamirSplitSecretShare[] points = ShamirSecretSplitter.getInstance(
            Algorithm.AES, secret.length, random)
        .resplit(secret, threshold, parts)
        .getSecretShares();
    List<byte[]> shares = new ArrayList<>(parts);
    for (int x = 1; x <= parts; x++) {
      byte[] y = encoded(points[x - 1]);
      byte[] share = Arrays.copyOf(y, y.length + 1);
      share[y.length] = (byte) x;
      shares.add(share);
      Arrays.fill(y, (byte) 0);
    }
    return shares;
  }

  /**
   * Combines shares; all of them take part. Wrong shares, or too few, give wrong bytes and no
   * error: whoever uses the result must find out.
   *
   * @throws IllegalArgumentException if these cannot be shares of one secret
   */
  static byte[] combine(List<byte[]> shares) {
    require(shares.size() >= 2, "less than two parts cannot be used to reconstruct the secret");
    int length = shares.get(0).length;
    require(length >= 2, "parts must be at least two bytes");
    require(
        shares.stream().allMatch(share -> share.length == length),
        "all parts must be the same length");
    boolean[] seen = new boolean[MAX_PARTS + 1];
    ShamirSplitSecretShare[] points = new ShamirSplitSecretShare[shares.size()];
    for (int i = 0; i < points.length; i++) {
      byte[] share = shares.get(i);
      int x = share[length - 1] & 0xff;
      require(!seen[x], "duplicate part detected");
      require(x != 0, "a part with x = 0 is not a share");
      seen[x] = true;
      byte[] y = Arrays.copyOf(share, length - 1);
      points[i] = new ShamirSplitSecretShare(y, x); // copies
      Arrays.fill(y, (byte) 0);
    }
    try {
      return ShamirSplitSecret.getInstance(Algorithm.AES, points).getSecret();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // declared by the interface, thrown by nobody
    }
  }

  private static byte[] encoded(ShamirSplitSecretShare share) {
    try {
      return share.getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // declared by the interface, thrown by nobody
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
