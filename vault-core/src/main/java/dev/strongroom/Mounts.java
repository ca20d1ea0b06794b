package dev.strongroom;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Mounts, moves and unmounts engines, with the rights of a session. Paths have no trailing slash.
 * All methods block and throw {@link VaultException}: {@code PERMISSION_DENIED}, {@code CONFLICT}
 * for a path in use, {@code INVALID_REQUEST}, {@code SEALED}. Thread-safe.
 */
public final class Mounts {
  private final Session session;

  private Mounts(Session session) {
    this.session = session;
  }

  public static Mounts of(Session session) {
    return new Mounts(session);
  }

  /**
   * A mount.
   *
   * @param type name of the engine
   * @param accessor names the mount in a way that outlives moving
   * @param defaultLeaseTtl zero: the vault's
   * @param maxLeaseTtl zero: the vault's
   */
  public record MountInfo(
      String type,
      Map<String, String> options,
      String description,
      String accessor,
      Duration defaultLeaseTtl,
      Duration maxLeaseTtl) {
    public MountInfo {
      options = Map.copyOf(options);
    }
  }

  /** Returns all mounts by their paths, the vault's own included. */
  public Map<String, MountInfo> list() {
    Payload all = session.request(Request.read("sys/mounts")).orThrow().dataOrEmpty();
    Map<String, MountInfo> mounts = new LinkedHashMap<>();
    all.toMap().keySet().forEach(path -> all.object(path)
        .ifPresent(mount -> mounts.put(path.substring(0, path.length() - 1), info(mount))));
    return mounts;
  }

  /** Mounts an engine that the vault was built with. */
  public void mount(String path, Mount mount) {
    session
        .request(Request.write(
            "sys/mounts/" + path,
            Map.of(
                "type", mount.type().name(),
                "options", mount.options(),
                "description", mount.description(),
                "config",
                    Map.of(
                        "default_lease_ttl", mount.defaultLeaseTtl().toSeconds(),
                        "max_lease_ttl", mount.maxLeaseTtl().toSeconds()))))
        .orThrow();
  }

  /**
   * Unmounts an engine and removes its data: they cannot be decrypted any more when this returns,
   * and their rows go in the background. Nothing happens if nothing is mounted there.
   */
  public void unmount(String path) {
    session.request(Request.delete("sys/mounts/" + path)).orThrow();
  }

  /** Moves a mount with its data, at once. Policies that name the old path do not follow it. */
  public void move(String from, String to) {
    session
        .request(Request.write("sys/remount", Map.of("from", from, "to", to)))
        .orThrow();
  }

  /**
   * Changes description, options and lifetimes of a mount to those of {@code settings}; the engine
   * stays what it is.
   */
  public void tune(String path, Mount settings) {
    session
        .request(Request.write(
            "sys/mounts/" + path + "/tune",
            Map.of(
                "options", settings.options(),
                "description", settings.description(),
                "default_lease_ttl", settings.defaultLeaseTtl().toSeconds(),
                "max_lease_ttl", settings.maxLeaseTtl().toSeconds())))
        .orThrow();
  }

  private static MountInfo info(Payload mount) {
    Optional<Payload> config = mount.object("config");
    return new MountInfo(
        mount.text("type").orElse(""),
        mount.pairs("options"),
        mount.text("description").orElse(""),
        mount.text("accessor").orElse(""),
        seconds(config, "default_lease_ttl"),
        seconds(config, "max_lease_ttl"));
  }

  private static Duration seconds(Optional<Payload> config, String name) {
    return Duration.ofSeconds(
        config.flatMap(members -> members.number(name)).orElse(0).longValue());
  }
}
