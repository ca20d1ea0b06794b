package dev.strongroom.spi;

import dev.strongroom.Beta;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a row lies: a parent of {@value #PARENT_BYTES} bytes and a name of 1 to 2,048 bytes, unique
 * together. To a store both are opaque. Ordered by parent, then by name, bytes unsigned. Immutable
 * as long as nobody writes to the arrays it shares.
 */
@Beta(until = "a second durable store exists")
public final class RowAddress implements Comparable<RowAddress> {
  public static final int PARENT_BYTES = 16;

  private final byte[] parent;
  private final byte[] name;
  private final int hash;

  private RowAddress(byte[] parent, byte[] name) {
    this.parent = parent;
    this.name = name;
    this.hash = 31 * Arrays.hashCode(parent) + Arrays.hashCode(name);
  }

  /**
   * Takes both arrays over.
   *
   * @throws IllegalArgumentException if one of them has another length than a row's has
   */
  public static RowAddress of(byte[] parent, byte[] name) {
    if (parent.length != PARENT_BYTES
        || name.length == 0
        || name.length > StorageBackend.MAX_NAME_BYTES) {
      throw new IllegalArgumentException(
          "a row has a parent of " + PARENT_BYTES + " bytes and a name of 1 to "
              + StorageBackend.MAX_NAME_BYTES + ", but got " + parent.length + " and "
              + name.length);
    }
    return new RowAddress(parent, name);
  }

  /** Returns the parent itself, not a copy: it must not be changed. */
  public byte[] parent() {
    return parent;
  }

  /** Returns the name itself, not a copy: it must not be changed. */
  public byte[] name() {
    return name;
  }

  @Override
  public int compareTo(RowAddress other) {
    int byParent = Arrays.compareUnsigned(parent, other.parent);
    return byParent != 0 ? byParent : Arrays.compareUnsigned(name, other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowAddress address
        && Arrays.equals(name, address.name)
        && Arrays.equals(parent, address.parent);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(parent) + "/" + HexFormat.of().formatHex(name);
  }
}
