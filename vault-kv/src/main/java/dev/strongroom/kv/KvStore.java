package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.Session;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.DurationText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The secrets of one KV version 2 mount, with the rights of a session. Keys are paths such as
 * {@code apps/db}: printable characters, segments of at most 1,024 bytes, 4,096 bytes with the
 * mount, no slash at either end. Who may list sees them: they are no place for secrets.
 *
 * <p>All methods block until the change is durable. They throw {@link IllegalArgumentException} for
 * an argument that cannot be right, such as an empty key or data beyond the limits of
 * {@link Payload}, and {@link VaultException} for everything else: {@code NOT_FOUND} where there is
 * nothing to read, {@code CONFLICT} for a failed check-and-set, {@code PERMISSION_DENIED},
 * {@code INVALID_REQUEST}, {@code LIMIT_EXCEEDED} for more than 8 MiB, {@code SEALED}. Messages
 * never hold a value. Thread-safe.
 */
public final class KvStore {
  private final KvMount mount;

  private KvStore(KvMount mount) {
    this.mount = mount;
  }

  /**
   * Returns the secrets of the mount at {@code mount}, such as {@code secret}; whether there is one
   * shows at the first call. In one of version 1, and of any other engine, every call fails with
   * {@code INVALID_REQUEST}, and stores nothing.
   *
   * @throws IllegalArgumentException if that cannot be a path
   */
  public static KvStore at(Session session, String mount) {
    return new KvStore(KvMount.at(session, mount, KvVersion2.API));
  }

  /**
   * Writes a new version of a secret.
   *
   * @param data members of the secret: text, numbers, booleans, null, maps, lists, records, enums,
   *     {@code Duration}, {@code byte[]} and {@code SecretBytes} (both as base64)
   */
  public KvVersion put(String key, Map<String, ?> data) {
    return put(key, KvWrite.of(data));
  }

  /** Writes a new version of a secret whose members are the components of a record. */
  public KvVersion put(String key, Record data) {
    return put(key, KvWrite.of(data));
  }

  /** Writes a new version of a secret on a condition. */
  public KvVersion put(String key, KvWrite write) {
    return KvVersion.of(send(Operation.UPDATE, "data/", key, write.members()));
  }

  /**
   * Writes new versions of several secrets in one step: all, or none if one of the conditions does
   * not hold or one of the rights is missing. Nobody sees some of them without the others. Needs
   * the right to update {@code write-all} of the mount, and to write each secret.
   *
   * @param writes by key, at least one and at most 1,000, with keys of at most 1,024 characters;
   *     together within the limits of {@link Payload}
   * @throws VaultException with code {@code LIMIT_EXCEEDED} for more than 1,000, {@code CONFLICT}
   *     or {@code INVALID_REQUEST} with the key in the message, {@code PERMISSION_DENIED} without
   * @return what was written, by key, in the same order
   */
  public Map<String, KvVersion> writeAll(Map<String, KvWrite> writes) {
    if (writes.isEmpty()) {
      throw new IllegalArgumentException("name at least one secret");
    }
    Map<String, Object> secrets = new LinkedHashMap<>();
    writes.forEach((key, write) -> secrets.put(KvMount.requireKey(key), write.members()));
    Payload written = data(mount.ask(Operation.UPDATE, "write-all", Map.of("secrets", secrets)))
        .object("secrets")
        .orElseThrow();
    Map<String, KvVersion> versions = new LinkedHashMap<>();
    writes
        .keySet()
        .forEach(key -> versions.put(key, KvVersion.of(written.object(key).orElseThrow())));
    return Collections.unmodifiableMap(versions);
  }

  /**
   * Changes members of the newest version, RFC 7396: null removes one, nested objects merge. Writes
   * a new version. There must be one that is neither deleted nor destroyed.
   */
  public KvVersion patch(String key, Map<String, ?> changes) {
    return patch(key, KvWrite.of(changes));
  }

  /** As {@link #patch(String, Map)}, on a condition. */
  public KvVersion patch(String key, KvWrite write) {
    return KvVersion.of(send(Operation.PATCH, "data/", key, write.members()));
  }

  /** Reads the newest version. */
  public KvSecret get(String key) {
    return secret(askFor(key, Map.of()));
  }

  /** Reads a version, 1 being the first. */
  public KvSecret get(String key, int version) {
    return secret(askFor(key, Map.of("version", requireVersion(version))));
  }

  /** Reads the newest version; empty if there is none, or it is deleted or destroyed. */
  public Optional<KvSecret> find(String key) {
    Response response = askFor(key, Map.of());
    return response.isMissing() ? Optional.empty() : Optional.of(secret(response));
  }

  /**
   * Reads the newest version as a record, as {@link KvSecret#as} does, and follows the secret from
   * then on: after each change it is read again, with the rights of the session. A version that
   * does not fit the record, and a secret that is deleted, change nothing: the last value stays,
   * and {@link Bound#failure} and the log say why. That a version reached the end of its lifetime
   * is not noticed before the next change.
   *
   * <pre>{@code
   * record Database(String username, String password) {}
   *
   * Bound<Database> database = secrets.bind("apps/db", Database.class);
   * database.onChange(now -> pool.reconnect(now));
   * pool.connect(database.current());
   * }</pre>
   *
   * <p>Nothing is noticed any more, and {@link Bound#failure} does not tell, when the session's
   * token has ended (a host's session gets another one), when the session may not read there any
   * more, and when the mount was moved or removed. Close what is bound, or the session, to end it.
   *
   * @param type as for {@link KvSecret#as}
   * @throws VaultException as {@link #get} and {@link KvSecret#as}, and with code
   *     {@code INVALID_REQUEST} if the uses of the session's token are counted
   * @throws IllegalArgumentException also for a key that ends in a star
   */
  public <R extends Record> Bound<R> bind(String key, Class<R> type) {
    Objects.requireNonNull(type, "type");
    return Bound.of(
        mount.session(), mount.path() + "data/" + KvMount.requireKey(key), () -> get(key)
            .as(type));
  }

  /**
   * Deletes the newest version; {@link #undelete} brings it back. Nothing happens if there is none.
   */
  public void delete(String key) {
    send(Operation.DELETE, "data/", key, Map.of());
  }

  /** Deletes versions; {@link #undelete} brings them back. Those that are not there are skipped. */
  public void delete(String key, int... versions) {
    send(Operation.UPDATE, "delete/", key, numbers(versions));
  }

  /**
   * Brings deleted versions back. Where versions have a lifetime now, it begins anew. Those that
   * are not there, or destroyed, are skipped.
   */
  public void undelete(String key, int... versions) {
    send(Operation.UPDATE, "undelete/", key, numbers(versions));
  }

  /** Removes the data of versions for good. Those that are not there are skipped. */
  public void destroy(String key, int... versions) {
    send(Operation.UPDATE, "destroy/", key, numbers(versions));
  }

  /**
   * Removes a key with all its versions and settings for good. The next write begins with version 1
   * again.
   */
  public void deleteMetadata(String key) {
    send(Operation.DELETE, "metadata/", key, Map.of());
  }

  /**
   * Writes the data of an earlier version as a new one, unless somebody wrote a version meanwhile.
   * Needs the rights to read and to write {@code data/}. A version that will be deleted some day
   * counts as long as it can be read; the new one gets the lifetime that new versions have now.
   *
   * @throws VaultException with code {@code NOT_FOUND} if that version is deleted, destroyed or not
   *     kept any more, {@code CONFLICT} if a version was written meanwhile
   */
  public KvVersion rollback(String key, int version) {
    requireVersion(version);
    int newest = newest(key);
    return put(key, KvWrite.of(get(key, version).toMap()).ifVersion(newest));
  }

  /**
   * Returns the names in a folder, sub-folders with a trailing slash, in the order of their UTF-8
   * bytes; empty text is the mount itself. A key is listed until its metadata are deleted.
   *
   * @param folder with or without its trailing slash
   */
  public List<String> list(String folder) {
    String path = VaultPath.requireRelative(Objects.requireNonNull(folder, "folder"));
    Response response = mount.ask(Operation.LIST, "metadata/" + path, Map.of());
    return response.isMissing() ? List.of() : data(response).texts("keys");
  }

  /** Returns settings and versions of a key. */
  public KvMetadata metadata(String key) {
    return KvMetadata.of(send(Operation.READ, "metadata/", key, Map.of()));
  }

  /** Returns the versions kept of a key, oldest first, deleted and destroyed ones included. */
  public List<KvVersion> history(String key) {
    return metadata(key).versions();
  }

  /** Changes settings of a key; it is made, without a version, if there is none. */
  public void setMetadata(String key, KvSettings settings) {
    send(Operation.UPDATE, "metadata/", key, settings.members());
  }

  /** Returns the settings of the mount. */
  public KvConfig config() {
    Payload data = data(mount.ask(Operation.READ, "config", Map.of()));
    return new KvConfig(
        data.number("max_versions").orElse(0).intValue(),
        data.flag("cas_required").orElse(false),
        DurationText.parse(data.text("delete_version_after").orElse("")));
  }

  /** Replaces the settings of the mount. They count for new versions. */
  public void setConfig(KvConfig config) {
    data(mount.ask(
        Operation.UPDATE,
        "config",
        Map.of(
            "max_versions", config.maxVersions(),
            "cas_required", config.casRequired(),
            "delete_version_after", config.deleteVersionAfter().toSeconds())));
  }

  private Response askFor(String key, Map<String, ?> members) {
    return mount.ask(Operation.READ, "data/" + KvMount.requireKey(key), members);
  }

  private Payload send(Operation operation, String family, String key, Map<String, ?> members) {
    return data(mount.ask(operation, family + KvMount.requireKey(key), members));
  }

  private KvSecret secret(Response response) {
    return new KvSecret(data(response));
  }

  private Payload data(Response response) {
    if (response.isMissing()) {
      throw new VaultException(ErrorCode.NOT_FOUND, whyMissing(response));
    }
    if (response.isFailure() && response.errors().isEmpty()) { // a warning says why
      throw new VaultException(
          response.failure().orElseThrow(), String.join("; ", response.warnings()));
    }
    return response.orThrow().dataOrEmpty();
  }

  /** Returns the number of the newest version, deleted or not: both answers tell. */
  private int newest(String key) {
    Response response = askFor(key, Map.of());
    return KvVersion.of(describedBy(response).orElseGet(() -> data(response))).number();
  }

  /** A deleted version says so, to those who may read it. */
  private String whyMissing(Response response) {
    Optional<Payload> metadata = describedBy(response);
    if (metadata.isEmpty()) {
      return "there is no such secret, or no such version of it, at " + mount.path();
    }
    KvVersion version = KvVersion.of(metadata.get());
    return version.destroyed()
        ? "version " + version.number() + " of this secret is destroyed"
        : "version " + version.number() + " of this secret is deleted; undelete brings it back";
  }

  /** Returns what an answer says of a version: below the data of a read, or alone. */
  private static Optional<Payload> describedBy(Response response) {
    return response.data().map(data -> data.object("metadata").orElse(data));
  }

  private static Map<String, ?> numbers(int... versions) {
    if (versions.length == 0) {
      throw new IllegalArgumentException("name at least one version");
    }
    return Map.of(
        "versions", IntStream.of(versions).map(KvStore::requireVersion).boxed().toList());
  }

  private static int requireVersion(int version) {
    if (version < 1) {
      throw new IllegalArgumentException("versions begin at 1, but got " + version);
    }
    return version;
  }
}
