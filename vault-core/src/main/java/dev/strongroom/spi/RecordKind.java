package dev.strongroom.spi;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One kind of record an engine stores: its name, where such records lie, and how they are written.
 * The name is part of every record's address and authentication, so it never changes once data
 * exist.
 *
 * <p>Records of a <em>tree</em> kind lie at paths; their folders can be listed. Records of an
 * <em>attached</em> kind lie under an owner, which is a path of a tree kind of the same engine, or
 * empty: a version of a key, under the key. When a mount goes, records attached to paths that no
 * tree kind has are not found any more.
 *
 * <p>A record with a codec is kept decoded in the vault's cache while it is unsealed; it must be
 * immutable and must not hold secret values. A <em>secret</em> kind is kept encrypted, and
 * decrypted at each read.
 *
 * @param <T> what a record is in Java
 */
public final class RecordKind<T> {
  private final String name;
  private final boolean tree;
  private final @Nullable RecordCodec<T> codec;

  private RecordKind(String name, boolean tree, @Nullable RecordCodec<T> codec) {
    if (!name.matches("[a-z0-9-]{1,32}")) {
      throw new IllegalArgumentException(
          "a kind is named by 1 to 32 characters of a-z, 0-9 and -, not \"" + name + "\"");
    }
    this.name = name;
    this.tree = tree;
    this.codec = codec;
  }

  public static <T> RecordKind<T> tree(String name, RecordCodec<T> codec) {
    return new RecordKind<>(name, true, Objects.requireNonNull(codec, "codec"));
  }

  public static <T> RecordKind<T> attached(String name, RecordCodec<T> codec) {
    return new RecordKind<>(name, false, Objects.requireNonNull(codec, "codec"));
  }

  public static RecordKind<byte[]> secretTree(String name) {
    return new RecordKind<>(name, true, null);
  }

  public static RecordKind<byte[]> secretAttached(String name) {
    return new RecordKind<>(name, false, null);
  }

  /** Returns the key of the record at {@code path}; for tree kinds. */
  public StorageKey<T> at(String path) {
    if (!tree) {
      throw new IllegalStateException(name + " records are attached: name their owner");
    }
    return StorageKey.inTree(this, path);
  }

  /** Returns the key of the record called {@code name} under {@code owner}; for attached kinds. */
  public StorageKey<T> at(String owner, String name) {
    if (tree) {
      throw new IllegalStateException(this.name + " records lie in a tree: they have no owner");
    }
    return StorageKey.attached(this, owner, name);
  }

  public String name() {
    return name;
  }

  public boolean isTree() {
    return tree;
  }

  /** Returns how records are written; empty for a secret kind. */
  public Optional<RecordCodec<T>> codec() {
    return Optional.ofNullable(codec);
  }

  @Override
  public String toString() {
    return name;
  }
}
