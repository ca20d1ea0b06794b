package dev.strongroom.testkit;

import dev.strongroom.spi.Batch;
import dev.strongroom.spi.Batch.Absent;
import dev.strongroom.spi.Batch.AtRevision;
import dev.strongroom.spi.Batch.Change;
import dev.strongroom.spi.Batch.Condition;
import dev.strongroom.spi.Batch.Delete;
import dev.strongroom.spi.Batch.DeleteIfChildless;
import dev.strongroom.spi.Batch.DueAdd;
import dev.strongroom.spi.Batch.DueRemove;
import dev.strongroom.spi.Batch.Ensure;
import dev.strongroom.spi.Batch.Put;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Groups over few addresses, so that they meet often. */
final class RandomGroups {
  static final List<byte[]> PARENTS = List.of(new byte[16], filled(0x7f), filled(0x80));

  private final Random random;
  private final StorageBackend model;

  RandomGroups(long seed, StorageBackend model) {
    this.random = new Random(seed);
    this.model = model;
  }

  List<Batch> next() {
    return Stream.generate(this::batch).limit(1 + random.nextInt(5)).toList();
  }

  private Batch batch() {
    return new Batch(
        Stream.generate(this::condition).limit(random.nextInt(3)).toList(),
        Stream.generate(this::change).limit(1 + random.nextInt(4)).toList());
  }

  private Condition condition() {
    RowAddress address = address();
    long revision = model.get(address).map(Row::revision).orElse(0L);
    return revision == 0 || random.nextInt(8) == 0
        ? new Absent(address)
        : new AtRevision(address, revision);
  }

  private Change change() {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Put(address(), randomBytes(random.nextInt(20)));
      case 3 -> new Delete(address());
      case 4 -> new Ensure(address());
      case 5 -> new DeleteIfChildless(address(), parent());
      case 6 -> new DueAdd(new DueRow(random.nextInt(5), id(), randomBytes(3)));
      default -> new DueRemove(random.nextInt(5), id());
    };
  }

  private RowAddress address() {
    return RowAddress.of(
        parent(), String.valueOf(random.nextInt(6)).getBytes(StandardCharsets.US_ASCII));
  }

  private byte[] parent() {
    return PARENTS.get(random.nextInt(PARENTS.size()));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] id() {
    return filled(random.nextInt(3));
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
