package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.Change.Kind;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Handler;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code delete/}, {@code undelete/} and {@code destroy/}: what happens to versions one by one.
 * Same rules and texts as OpenBao v2.6.2 {@code builtin/logical/kv/path_delete.go} and
 * {@code path_destroy.go}.
 */
final class VersionsPath {
  private final Keys keys;

  VersionsPath(Keys keys) {
    this.keys = keys;
  }

  List<Route> routes() {
    return List.of(
        route(
            "delete",
            "Deletes versions; undelete brings them back.",
            call -> change(call, "No", Kind.DELETED, this::delete)),
        route(
            "undelete",
            "Brings deleted versions back.",
            call -> change(call, "No", Kind.UNDELETED, this::undelete)),
        route(
            "destroy",
            "Removes the data of versions for good.",
            call -> change(call, "no", Kind.DESTROYED, this::destroy)));
  }

  private static Route route(String name, String help, Handler handler) {
    return Route.at(name + "/{path...}", help)
        .field("versions", FieldType.INTEGERS, "Numbers of the versions.")
        .on(Operation.UPDATE, handler);
  }

  /** What is to become of one version; empty: nothing. */
  private interface Fate {
    Optional<VersionEntry> of(Call call, KeyVersion version);
  }

  private Response change(Call call, String no, Kind kind, Fate fate) {
    Set<Long> numbers = new LinkedHashSet<>(call.integers("versions"));
    if (numbers.isEmpty()) {
      return Response.failure(INVALID_REQUEST, no + " version number provided");
    }
    String path = call.captured("path");
    Storage storage = call.storage();
    keys.find(storage, path).ifPresent(key -> {
      KeyRecord changed = key;
      for (long number : numbers) {
        Optional<KeyVersion> version = keys.version(storage, path, changed, number);
        Optional<VersionEntry> next =
            version.flatMap(v -> fate.of(call, v).filter(entry -> !entry.equals(v.entry())));
        if (next.isPresent()) {
          changed = keys.putEntry(storage, path, changed, (int) number, next.get());
          DataPath.changed(call, kind, path, OptionalInt.of((int) number));
        }
      }
      if (!changed.equals(key)) {
        keys.store(storage, path, changed);
      }
    });
    return Response.empty();
  }

  private Optional<VersionEntry> delete(Call call, KeyVersion version) {
    return version.entry().deleted(call::now);
  }

  private Optional<VersionEntry> undelete(Call call, KeyVersion version) {
    if (version.entry().destroyed()) {
      return Optional.empty();
    }
    Optional<Duration> lifetime = Keys.lifetime(version.key(), EngineConfig.load(call.storage()));
    return Optional.of(version.entry().withDeletedAt(lifetime.map(call.now()::plus)));
  }

  private Optional<VersionEntry> destroy(Call call, KeyVersion version) {
    if (version.entry().destroyed()) {
      return Optional.empty();
    }
    keys.destroyData(call.storage(), call.captured("path"), version.key(), version.number());
    return Optional.of(version.entry().withoutData());
  }
}
