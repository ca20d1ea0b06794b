package dev.strongroom;

/**
 * How many key shares there are and how many of them unseal: 1 of 1, where the share is the key
 * itself, or 2 &le; threshold &le; total &le; 255. Same bounds as OpenBao v2.6.2
 * {@code vault/seal.go}.
 *
 * @param total number of shares handed out, 1 to 255
 * @param threshold number of distinct shares needed, 2 to {@code total}, or 1 when {@code total} is
 *     1
 */
public record KeyShares(int total, int threshold) {
  public KeyShares {
    boolean single = total == 1 && threshold == 1;
    if (!single && (threshold < 2 || threshold > total || total > 255)) {
      throw new IllegalArgumentException(
          "need 1 of 1, or 2 <= threshold <= total <= 255, but got threshold " + threshold + " of "
              + total);
    }
  }

  /**
   * Checks numbers that somebody asked for in a request. Same checks in the same order, and the
   * same texts, as OpenBao v2.6.2 {@code vault/seal.go}.
   *
   * @throws IllegalArgumentException if they do not fit; the message says which one is wrong
   */
  public static KeyShares requested(long total, long threshold) {
    require(total >= 1, "shares must be at least one");
    require(threshold >= 1, "threshold must be at least one");
    require(threshold > 1 || total == 1, "threshold must be greater than one for multiple shares");
    require(total <= 255, "shares must be less than 256");
    require(threshold <= 255, "threshold must be less than 256");
    require(threshold <= total, "threshold cannot be larger than shares");
    return new KeyShares((int) total, (int) threshold);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  @Override
  public String toString() {
    return threshold + " of " + total;
  }
}
