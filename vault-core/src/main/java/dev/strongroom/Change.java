package dev.strongroom;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * That data in the vault have changed, never the data: who is told of it reads them with rights of
 * its own. Told to {@link Session#onChange listeners}.
 *
 * @param path where the data are read, such as {@code secret/data/apps/db}; for {@link Kind#MISSED}
 *     the prefix of the listener
 * @param version the version this is about, 1 being the first; empty where data have none, or where
 *     all of them are meant
 */
public record Change(String path, Kind kind, OptionalInt version) {

  /** What has happened. */
  public enum Kind {
    /** New data, or a new version of them. */
    WRITTEN,
    /** A version reads as deleted; it can be brought back. */
    DELETED,
    /** A deleted version can be read again. */
    UNDELETED,
    /** The data of a version are gone for good. */
    DESTROYED,
    /** All there was is gone for good. */
    REMOVED,
    /** More has happened than the listener kept up with: what it knows is to be read again. */
    MISSED
  }

  /** Refuses an empty path, and a version below 1. */
  public Change {
    Objects.requireNonNull(kind, "kind");
    if (path.isEmpty() || version.orElse(1) < 1) {
      throw new IllegalArgumentException("a change has a path, and its versions begin at 1");
    }
  }
}
