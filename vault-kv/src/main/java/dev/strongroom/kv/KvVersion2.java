package dev.strongroom.kv;

import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import dev.strongroom.spi.Storage;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The engine of a version 2 mount. Behaviour: OpenBao v2.6.2 {@code builtin/logical/kv}, without
 * its accidents.
 */
final class KvVersion2 implements SecretEngine {
  /** The paths and parameters, and the client for them. */
  static final String API = "KV version 2 (KvStore)";

  private final Upgrade upgrade;
  private final List<Route> routes;

  KvVersion2(SecureRandom random) {
    this(random, MetadataPath.MAX_ANSWER);
  }

  /** As the other, with another limit of names and versions in an answer. */
  KvVersion2(SecureRandom random, int maxAnswer) {
    Keys keys = new Keys(random);
    upgrade = new Upgrade(keys);
    DataPath data = new DataPath(keys);
    routes = Stream.of(
            data.routes(),
            new WriteAllPath(keys, data).routes(),
            new VersionsPath(keys).routes(),
            new MetadataPath(keys, maxAnswer).routes(),
            new SubkeysPath(keys).routes(),
            new ConfigPath().routes(),
            new InvalidPath().routes())
        .flatMap(List::stream)
        .map(route -> route.before(upgrade::requireDone))
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public Optional<String> api() {
    return Optional.of(API);
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(
        EngineConfig.KIND, KeyRecord.KIND, VersionPage.KIND, Keys.VERSION, KvVersion1.ENTRY);
  }

  @Override
  public boolean work(Storage storage, Instant now) {
    return upgrade.step(storage, now);
  }
}
