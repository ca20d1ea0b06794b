package dev.strongroom.checks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Values that go through a vault and must not be found afterwards. They are kept under a mask, so
 * that nobody finds them here. For one thread.
 */
final class Canaries {
  private static final int RANDOM_BYTES = 12;

  private final SecureRandom random;
  private final List<Canary> known = new ArrayList<>();

  Canaries(SecureRandom random) {
    this.random = random;
  }

  /** Makes a text that nothing else contains, and remembers it. */
  String text(String what) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return remember(what, HexFormat.of().formatHex(bytes));
  }

  /** Remembers a text that the vault has made; returns it. */
  String remember(String what, String text) {
    remember(what, text.getBytes(StandardCharsets.UTF_8));
    return text;
  }

  /** Remembers bytes, of a key for instance. They are not changed. */
  void remember(String what, byte[] bytes) {
    byte[] mask = new byte[bytes.length];
    random.nextBytes(mask);
    known.add(new Canary(what, mask, masked(bytes, mask)));
  }

  int count() {
    return known.size();
  }

  /**
   * Returns them without their masks, as often as there are ways to write each: from here on they
   * are in memory.
   */
  List<Needle> unmasked() {
    List<Needle> needles = new ArrayList<>();
    for (Canary canary : known) {
      byte[] bytes = masked(canary.hidden, canary.mask);
      needles.add(new Needle(canary.what, "bytes or Latin-1", ByteBuffer.wrap(bytes)));
      needles.add(
          new Needle(canary.what, "UTF-16, low byte first", ByteBuffer.wrap(wide(bytes, 0))));
      needles.add(
          new Needle(canary.what, "UTF-16, high byte first", ByteBuffer.wrap(wide(bytes, 1))));
    }
    return needles;
  }

  private static byte[] masked(byte[] bytes, byte[] mask) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (byte) (bytes[i] ^ mask[i]);
    }
    return result;
  }

  private static byte[] wide(byte[] bytes, int first) {
    byte[] result = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[2 * i + first] = bytes[i];
    }
    return result;
  }

  /** One way to write a canary. */
  record Needle(String what, String form, ByteBuffer bytes) {}

  private static final class Canary {
    private final String what;
    private final byte[] mask;
    private final byte[] hidden;

    Canary(String what, byte[] mask, byte[] hidden) {
      this.what = what;
      this.mask = mask;
      this.hidden = hidden;
    }
  }
}
