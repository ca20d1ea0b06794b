package dev.strongroom.internal.mount;

import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A mount as it is stored.
 *
 * @param id of the mount and of its container, 16 random bytes; stays when the mount moves
 * @param path with a trailing slash; auth methods lie below {@code auth/}
 * @param accessor names the mount in a way that outlives moving
 * @param secret 32 random bytes that everything in the container is encrypted with; all-zero for
 *     the vault's own mounts, which use the system's container
 * @param settings what can be set for any mount
 * @param state only an active mount answers requests
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MountEntry(
    byte[] id,
    String path,
    String type,
    Map<String, String> options,
    String description,
    String accessor,
    byte[] secret,
    MountSettings settings,
    Instant createdAt,
    State state) {
  /** Where auth methods lie. */
  public static final String AUTH = "auth/";

  static final int ID_BYTES = 16;
  static final int SECRET_BYTES = 32;

  /** What becomes of a mount. */
  public enum State {
    ACTIVE(1),
    /** Its leases are being revoked; its data go when none is left. */
    REMOVING(2);

    private final int code;

    State(int code) {
      this.code = code;
    }

    private static State read(RecordReader in) {
      int code = in.u8();
      return Stream.of(values())
          .filter(state -> state.code == code)
          .findFirst()
          .orElseThrow(
              () -> new RecordReader.CorruptRecord("mount state " + code + " is not known"));
    }
  }

  public MountEntry {
    options = Map.copyOf(options);
    if (!path.endsWith("/")) {
      throw new IllegalArgumentException("a mount's path ends in a slash");
    }
    if (id.length != ID_BYTES || secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException("a mount has an id of " + ID_BYTES
          + " bytes and a secret of " + SECRET_BYTES + ", but got " + id.length + " and "
          + secret.length);
    }
  }

  public UUID uuid() {
    ByteBuffer bits = ByteBuffer.wrap(id);
    return new UUID(bits.getLong(), bits.getLong());
  }

  MountEntry withPath(String moved) {
    return with(moved, options, description, secret, settings, state);
  }

  public MountEntry withDescription(String changed) {
    return with(path, options, changed, secret, settings, state);
  }

  public MountEntry withOptions(Map<String, String> changed) {
    return with(path, changed, description, secret, settings, state);
  }

  public MountEntry withSettings(MountSettings changed) {
    return with(path, options, description, secret, changed, state);
  }

  MountEntry withState(State next) {
    return with(path, options, description, secret, settings, next);
  }

  /** Returns whether this is an auth method. */
  public boolean isAuth() {
    return path.startsWith(AUTH);
  }

  /** Returns whether everything that tuning can change is as in {@code other}. */
  public boolean equalsInSettings(MountEntry other) {
    return options.equals(other.options)
        && description.equals(other.description)
        && settings.equals(other.settings);
  }

  /**
   * Returns this mount without a container of its own: one of the vault's, which uses the system's.
   */
  MountEntry withSharedContainer() {
    return with(path, options, description, new byte[SECRET_BYTES], settings, state);
  }

  /** Returns this mount with all that can change after it was made. */
  private MountEntry with(
      String newPath,
      Map<String, String> newOptions,
      String newDescription,
      byte[] newSecret,
      MountSettings newSettings,
      State newState) {
    return new MountEntry(
        id,
        newPath,
        type,
        newOptions,
        newDescription,
        accessor,
        newSecret,
        newSettings,
        createdAt,
        newState);
  }

  /** Returns whether this mount has the engine, and its version, that another one has. */
  boolean describesEngineOf(MountEntry other) {
    return engineText().equals(other.engineText());
  }

  /** Returns engine and version for people: {@code kv version 2}. */
  String engineText() {
    String version = options.get("version");
    return version == null ? type : type + " version " + version;
  }

  void write(RecordWriter out) {
    out.fixed(id)
        .text(path)
        .text(type)
        .texts(options)
        .text(description)
        .text(accessor)
        .fixed(secret);
    settings.write(out);
    out.instant(createdAt).u8(state.code);
  }

  static MountEntry read(RecordReader in) {
    return new MountEntry(
        in.fixed(ID_BYTES),
        in.text(),
        in.text(),
        in.texts(),
        in.text(),
        in.text(),
        in.fixed(SECRET_BYTES),
        MountSettings.read(in),
        in.instant(),
        State.read(in));
  }

  @Override
  public String toString() {
    return "MountEntry[" + path + ", " + type + ", " + accessor + "]";
  }
}
