package dev.strongroom.spi;

import dev.strongroom.internal.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where one record lies in a mount. Immutable; made by {@link RecordKind}. Worth keeping where one
 * key is read again and again: it remembers its encoding.
 */
public final class StorageKey<T> {
  private static final int MAX_BYTES = 0xffff;

  private final RecordKind<T> kind;
  private final String place; // the path in a tree, else the owner
  private final String nameUnderOwner; // empty in a tree
  private final int hash;

  // Computed at the first need; a race computes the same bytes twice.
  private byte @Nullable [] encoded;

  private StorageKey(RecordKind<T> kind, String place, String nameUnderOwner) {
    this.kind = kind;
    this.place = place;
    this.nameUnderOwner = nameUnderOwner;
    this.hash = 31 * (31 * kind.name().hashCode() + place.hashCode()) + nameUnderOwner.hashCode();
  }

  static <T> StorageKey<T> inTree(RecordKind<T> kind, String path) {
    return new StorageKey<>(kind, path, "");
  }

  static <T> StorageKey<T> attached(RecordKind<T> kind, String owner, String name) {
    return new StorageKey<>(kind, owner, name);
  }

  public RecordKind<T> kind() {
    return kind;
  }

  /** Returns the folder, empty or with a trailing slash, or the owner. */
  public String parent() {
    return kind.isTree() ? place.substring(0, beginOfName()) : place;
  }

  public String name() {
    return kind.isTree() ? place.substring(beginOfName()) : nameUnderOwner;
  }

  private int beginOfName() {
    return place.lastIndexOf('/') + 1;
  }

  /**
   * Returns kind, parent and name, each with its length before it, so that no two keys encode to
   * the same bytes. Shared: it must not be changed.
   *
   * @throws IllegalArgumentException if parent or name have lone surrogates, or more than 65,535
   *     bytes: their encoding could be that of another key
   */
  public byte[] encoded() {
    byte[] bytes = encoded;
    if (bytes == null) {
      byte[] kindBytes = kind.name().getBytes(StandardCharsets.US_ASCII);
      byte[] parentBytes = utf8(parent());
      byte[] nameBytes = utf8(name());
      bytes = ByteBuffer.allocate(5 + kindBytes.length + parentBytes.length + nameBytes.length)
          .put((byte) kindBytes.length)
          .put(kindBytes)
          .putShort((short) parentBytes.length)
          .put(parentBytes)
          .putShort((short) nameBytes.length)
          .put(nameBytes)
          .array();
      encoded = bytes;
    }
    return bytes;
  }

  private static byte[] utf8(String text) {
    byte[] bytes = Json.requireText(text).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("parents and names of records are at most " + MAX_BYTES
          + " bytes long, but got " + bytes.length);
    }
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StorageKey<?> key
        && hash == key.hash
        && nameUnderOwner.equals(key.nameUnderOwner)
        && place.equals(key.place)
        && kind.name().equals(key.kind.name());
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Names the kind only: the names of secrets are secret as well. */
  @Override
  public String toString() {
    return "StorageKey[" + kind + "]";
  }
}
