package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The secrets of one KV version 1 mount, with the rights of a session: each is what was written
 * last, and nothing brings back what was there before. For new mounts {@link KvStore} is the better
 * choice. Keys, limits and errors as there; without versions there is no {@code CONFLICT}.
 * Thread-safe.
 */
public final class Kv1Store {
  private final KvMount mount;

  private Kv1Store(KvMount mount) {
    this.mount = mount;
  }

  /**
   * Returns the secrets of the mount at {@code mount}, such as {@code kv}; whether there is one
   * shows at the first call. In one of version 2, and of any other engine, every call fails with
   * {@code INVALID_REQUEST}, and stores nothing.
   *
   * @throws IllegalArgumentException if that cannot be a path
   */
  public static Kv1Store at(Session session, String mount) {
    return new Kv1Store(KvMount.at(session, mount, KvVersion1.API));
  }

  /**
   * Writes a secret in place of the one that was there.
   *
   * @param data at least one member; values as in {@link KvStore#put(String, Map)}
   */
  public void put(String key, Map<String, ?> data) {
    mount
        .ask(Operation.UPDATE, KvMount.requireKey(key), RecordMapper.toJson(data))
        .orThrow();
  }

  /** Writes a secret whose members are the components of a record. */
  public void put(String key, Record data) {
    mount
        .ask(Operation.UPDATE, KvMount.requireKey(key), RecordMapper.toJson(data))
        .orThrow();
  }

  /** Reads a secret. */
  public Kv1Secret get(String key) {
    return find(key)
        .orElseThrow(() ->
            new VaultException(ErrorCode.NOT_FOUND, "there is no such secret at " + mount.path()));
  }

  /** Reads a secret; empty if there is none. */
  public Optional<Kv1Secret> find(String key) {
    Response response = mount.ask(Operation.READ, KvMount.requireKey(key), Map.of());
    return response.isMissing() ? Optional.empty() : Optional.of(new Kv1Secret(response.orThrow()));
  }

  /** As {@link KvStore#bind}; a secret that was removed leaves the last value. */
  public <R extends Record> Bound<R> bind(String key, Class<R> type) {
    Objects.requireNonNull(type, "type");
    return Bound.of(
        mount.session(), mount.path() + KvMount.requireKey(key), () -> get(key).as(type));
  }

  /** Removes a secret for good. Nothing happens if there is none. */
  public void delete(String key) {
    mount.ask(Operation.DELETE, KvMount.requireKey(key), Map.of()).orThrow();
  }

  /**
   * Returns the names in a folder, sub-folders with a trailing slash, in the order of their UTF-8
   * bytes; empty text is the mount itself.
   *
   * @param folder with or without its trailing slash
   */
  public List<String> list(String folder) {
    String path = VaultPath.requireRelative(Objects.requireNonNull(folder, "folder"));
    return mount.ask(Operation.LIST, path, Map.of()).names();
  }
}
