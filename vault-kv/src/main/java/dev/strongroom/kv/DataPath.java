package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.NOT_FOUND;

import dev.strongroom.Change;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@code data/}: reads, writes, patches and deletes versions. Same rules and texts as OpenBao
 * v2.6.2 {@code builtin/logical/kv/path_data.go}.
 */
final class DataPath {
  private static final String CAS_MISMATCH =
      "check-and-set parameter did not match the current version";
  private static final String CAS_REQUIRED = "check-and-set parameter required for this call";

  private final Keys keys;

  DataPath(Keys keys) {
    this.keys = keys;
  }

  List<Route> routes() {
    return List.of(Route.at("data/{path...}", "A secret with versions.")
        .field("version", FieldType.INTEGER, "The version to read; 0: the newest.")
        .field("data", FieldType.OBJECT, "The secret.")
        .field("options", FieldType.OBJECT, "cas: the version this write must follow; 0: none.")
        .exists(call -> keys.find(call.storage(), path(call)).isPresent())
        .on(Operation.READ, this::read)
        .on(Operation.UPDATE, this::write)
        .on(Operation.PATCH, this::patch)
        .on(Operation.DELETE, this::delete));
  }

  private Response read(Call call) {
    return keys.asked(call).map(version -> read(call, version)).orElse(Response.empty());
  }

  private Response read(Call call, KeyVersion version) {
    return version.entry().isLive(call::now)
        ? Response.of(
            answer(version, Payload.ofStored(keys.data(call.storage(), path(call), version))))
        : Response.failure(NOT_FOUND, answer(version, /* data= */ null));
  }

  /** A caller who asks for data only pays for no metadata. */
  private static Payload answer(KeyVersion version, @Nullable Payload data) {
    return Payload.lazy(() -> {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("data", data);
      members.put("metadata", Payload.lazy(version::describe));
      return members;
    });
  }

  private Response write(Call call) {
    return written(write(
        call,
        path(call),
        requireData(call.object("data")),
        call.object("options").orElse(Payload.empty())));
  }

  /** Writes a version at any path, if its options allow it. */
  KeyVersion write(Call call, String path, Payload data, Payload options) {
    Storage storage = call.storage();
    EngineConfig config = EngineConfig.load(storage);
    Optional<KeyRecord> found = keys.find(storage, path);
    checkAndSet(options, config, found);
    KeyRecord key = found.orElseGet(() -> keys.create(call.now()));
    return added(
        call, path, keys.addVersion(storage, path, key, config, data.toJson(), call.now()));
  }

  private Response patch(Call call) {
    Payload patch = requireData(call.object("data"));
    String path = path(call);
    Storage storage = call.storage();
    Optional<KeyRecord> found = keys.find(storage, path);
    if (found.isEmpty()) {
      return Response.notFound();
    }
    KeyRecord key = found.get();
    EngineConfig config = EngineConfig.load(storage);
    checkAndSet(call.object("options").orElse(Payload.empty()), config, found);
    Optional<KeyVersion> current = keys.version(storage, path, key, key.current());
    if (current.isEmpty()) {
      return Response.notFound();
    }
    if (!current.get().entry().isLive(call::now)) {
      return Response.failure(NOT_FOUND, Payload.of(current.get().describe()));
    }
    Map<String, ?> before = keys.members(storage, path, current.get());
    byte[] merged = Payload.of(MergePatch.apply(before, patch.toMap())).toJson();
    return written(
        added(call, path, keys.addVersion(storage, path, key, config, merged, call.now())));
  }

  private static KeyVersion added(Call call, String path, KeyVersion version) {
    changed(call, Change.Kind.WRITTEN, path, OptionalInt.of(version.number()));
    return version;
  }

  private static Response written(KeyVersion version) {
    return Response.of(Payload.of(version.describe()));
  }

  private Response delete(Call call) {
    String path = path(call);
    Storage storage = call.storage();
    keys.find(storage, path)
        .flatMap(key -> keys.version(storage, path, key, key.current()))
        .ifPresent(version -> version
            .entry()
            .deleted(call::now)
            .map(entry -> keys.putEntry(storage, path, version.key(), version.number(), entry))
            .ifPresent(key -> {
              keys.store(storage, path, key);
              changed(call, Change.Kind.DELETED, path, OptionalInt.of(version.number()));
            }));
    return Response.empty();
  }

  /** Whatever was asked to change a key, what has changed is read here. */
  static void changed(Call call, Change.Kind kind, String path, OptionalInt version) {
    call.changed(kind, "data/" + path, version);
  }

  static Payload requireData(Optional<Payload> data) {
    return data.orElseThrow(() -> new VaultException(INVALID_REQUEST, "no data provided"));
  }

  private static void checkAndSet(Payload options, EngineConfig config, Optional<KeyRecord> key) {
    if (!options.has("cas")) {
      if (config.casRequired() || key.filter(k -> k.settings().casRequired()).isPresent()) {
        throw new VaultException(INVALID_REQUEST, CAS_REQUIRED);
      }
      return;
    }
    if (cas(options) != key.map(KeyRecord::current).orElse(0)) {
      throw new VaultException(CONFLICT, CAS_MISMATCH);
    }
  }

  /** Null and empty text are 0, true is 1; fractions are refused, 1.0 too. */
  private static long cas(Payload options) {
    Optional<Object> cas = options.get("cas");
    if (cas.isEmpty()) {
      return 0;
    }
    if (cas.get() instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    try {
      String text = options.text("cas").orElse("?");
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new VaultException(INVALID_REQUEST, "error parsing check-and-set parameter");
    }
  }

  private static String path(Call call) {
    return call.captured("path");
  }
}
