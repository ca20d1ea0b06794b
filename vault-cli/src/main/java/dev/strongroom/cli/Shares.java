package dev.strongroom.cli;

import dev.strongroom.KeyShare;
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
        int end = line.length;
        int start = 0;
        while (end > 0 && line[end - 1] <= ' ') {
          end--;
        }
        while (start < end && line[start] <= ' ') {
          start++;
        }
        if (start < end) {
          return all.add(KeyShare.parse(CharBuffer.wrap(line, start, end - start)));
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

  List<KeyShare> all() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    all.forEach(KeyShare::close);
  }
}
