package dev.strongroom.cli;

import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.SealStatus;
import java.io.IOException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Key shares that were typed or piped; closing wipes them. */
final class Shares implements AutoCloseable {
  private static final int MAX = 255;

  private final List<KeyShare> all = new ArrayList<>();

  private Shares() {}

  /** Returns no shares: the seal opens alone. */
  static Shares none() {
    return new Shares();
  }

  /**
   * Asks for as many shares as open a store, or reads all that the input has.
   *
   * @throws IllegalArgumentException for what is no share; the message does not repeat it
   */
  static Shares thatOpen(SealStatus status, SecretInput.Source input) throws IOException {
    return read(input.open(), status.shares().map(KeyShares::threshold).orElse(1));
  }

  /**
   * Asks for shares until there are {@code wanted} of them or an answer is empty; where nobody can
   * be asked, reads as many as the input has, one a line.
   *
   * @throws IllegalArgumentException for what is no share; the message does not repeat it
   */
  static Shares read(SecretInput input, int wanted) throws IOException {
    Shares shares = new Shares();
    try {
      int max = input.asks() ? wanted : MAX;
      while (shares.all.size() < max && shares.readNext(input, wanted)) {}
      return shares;
    } catch (IOException | RuntimeException | Error e) {
      shares.close();
      throw e;
    }
  }

  /** Returns whether there was one. */
  private boolean readNext(SecretInput input, int wanted) throws IOException {
    while (true) {
      char[] line =
          input.read("Key share" + (wanted == 1 ? "" : " " + (all.size() + 1) + " of " + wanted));
      if (line == null) {
        return false;
      }
      try {
        CharBuffer share = stripped(line);
        if (!share.isEmpty()) {
          return all.add(KeyShare.parse(share));
        }
        if (input.asks()) {
          return false;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "key share " + (all.size() + 1) + " is neither hex nor base64", e);
      } finally {
        Arrays.fill(line, '\0');
      }
    }
  }

  /** Not copied, so that wiping the line is enough. */
  private static CharBuffer stripped(char[] line) {
    int end = line.length;
    int start = 0;
    while (end > 0 && line[end - 1] <= ' ') {
      end--;
    }
    while (start < end && line[start] <= ' ') {
      start++;
    }
    return CharBuffer.wrap(line, start, end - start);
  }

  List<KeyShare> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    all.forEach(KeyShare::close);
  }
}
