package dev.strongroom;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Inputs that are nearly right: for a seed always the same ones. */
public final class Mutations {
  private static final int MAX_LENGTH = 10_000;
  private static final List<byte[]> PIECES = List.of(
      new byte[] {0},
      new byte[] {1},
      new byte[] {-1},
      new byte[] {-128},
      new byte[] {-1, -1, -1, -1},
      new byte[] {0, 0, 0, 0},
      new byte[] {127, -1, -1, -1},
      new byte[] {-128, 0, 0, 0});

  private Mutations() {}

  /** Hands {@code times} mutations of the inputs to a target; says which one it failed on. */
  public static void run(long seed, int times, List<byte[]> inputs, Consumer<byte[]> target) {
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      byte[] input = mutated(random, inputs);
      try {
        target.accept(input.clone());
      } catch (RuntimeException | Error e) {
        throw new AssertionError("it failed on " + HexFormat.of().formatHex(input), e);
      }
    }
  }

  private static byte[] mutated(Random random, List<byte[]> inputs) {
    byte[] input = pick(inputs, random);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(input.length + 1);
      int to = Math.min(input.length, from + random.nextInt(9));
      byte[] other = pick(inputs, random);
      input = switch (random.nextInt(7)) {
        case 0 -> spliced(input, from, to, new byte[0]);
        case 1 -> spliced(input, from, from, pick(PIECES, random));
        case 2 -> spliced(input, from, to, pick(PIECES, random));
        case 3 -> spliced(input, from, to, bytes(random, to - from));
        case 4 -> spliced(input, from, input.length, new byte[0]);
        case 5 -> spliced(input, from, input.length, spliced(other, 0, from, new byte[0]));
        default -> spliced(input, from, from, other);
      };
    }
    return input;
  }

  /** Puts {@code middle} where {@code from} to {@code to} was. */
  private static byte[] spliced(byte[] input, int from, int to, byte[] middle) {
    int end = Math.min(to, input.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(input, 0, Math.min(from, input.length));
    out.write(middle, 0, middle.length);
    out.write(input, end, Math.min(input.length - end, MAX_LENGTH));
    return out.toByteArray();
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] pick(List<byte[]> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
