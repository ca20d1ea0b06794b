package dev.strongroom.kv;

import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;

/**
 * The engine of a version 2 mount. Behaviour: OpenBao v2.6.2 {@code builtin/logical/kv}, without
 * its accidents.
 */
final class KvVersion2 implements SecretEngine {
  private final List<Route> routes;

  KvVersion2(SecureRandom random) {
    this(random, MetadataPath.MAX_ANSWER);
  }

  /** As the other, with another limit of names and versions in an answer. */
  KvVersion2(SecureRandom random, int maxAnswer) {
    Keys keys = new Keys(random);
    routes = Stream.of(
            new DataPath(keys).routes(),
            new VersionsPath(keys).routes(),
            new MetadataPath(keys, maxAnswer).routes(),
            new SubkeysPath(keys).routes(),
            new ConfigPath().routes(),
            new InvalidPath().routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  @Override
  public List<RecordKind<?>> records() {
    return List.of(EngineConfig.KIND, KeyRecord.KIND, VersionPage.KIND, Keys.VERSION);
  }
}
