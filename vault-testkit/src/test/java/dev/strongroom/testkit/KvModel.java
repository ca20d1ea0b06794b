package dev.strongroom.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.request.Operation;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.InstantText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mount of KV version 2 as one map: what the specification of the engine says, without storage,
 * without threads, and without a thought for speed. Parameters have the types they are declared
 * with.
 */
final class KvModel {
  private static final Comparator<String> BYTE_ORDER =
      Comparator.comparing(text -> text.getBytes(UTF_8), Arrays::compareUnsigned);
  private static final Reply NOTHING = new Reply(404, null);
  private static final Reply DONE = new Reply(204, null);
  private static final Reply REFUSED = new Reply(400, null);

  private final TreeMap<String, Key> keys = new TreeMap<>(BYTE_ORDER);
  private Settings config = new Settings();

  /** Status and data of an answer. */
  record Reply(int status, @Nullable Object data) {}

  /** What a key and the mount have in common. */
  private static final class Settings {
    int maxVersions;
    boolean casRequired;
    boolean metadataCasRequired;
    long lifetimeSeconds;

    Settings copy() {
      Settings copy = new Settings();
      copy.maxVersions = maxVersions;
      copy.casRequired = casRequired;
      copy.metadataCasRequired = metadataCasRequired;
      copy.lifetimeSeconds = lifetimeSeconds;
      return copy;
    }

    void take(Map<String, ?> params) {
      if (params.containsKey("max_versions")) {
        maxVersions = params.get("max_versions") instanceof Integer number ? number : 0;
      }
      if (params.containsKey("cas_required")) {
        casRequired = Boolean.TRUE.equals(params.get("cas_required"));
      }
      if (params.containsKey("metadata_cas_required")) {
        metadataCasRequired = Boolean.TRUE.equals(params.get("metadata_cas_required"));
      }
      if (params.get("delete_version_after") instanceof Integer seconds) {
        lifetimeSeconds = Math.max(-1, seconds);
      }
    }

    Map<String, Object> describe() {
      return new LinkedHashMap<>(Map.of(
          "max_versions", maxVersions,
          "cas_required", casRequired,
          "metadata_cas_required", metadataCasRequired,
          "delete_version_after", DurationText.format(Duration.ofSeconds(lifetimeSeconds))));
    }
  }

  private static final class Key {
    Settings settings = new Settings();
    Map<String, Object> custom = Map.of();
    int current;
    int oldest;
    int metadataVersion;
    final Instant created;
    Instant updated;
    final TreeMap<Integer, Version> versions = new TreeMap<>();

    Key(Instant now) {
      created = now;
      updated = now;
    }

    Key copy() {
      Key copy = new Key(created);
      copy.settings = settings.copy();
      copy.custom = custom;
      copy.current = current;
      copy.oldest = oldest;
      copy.metadataVersion = metadataVersion;
      copy.updated = updated;
      copy.versions.putAll(versions);
      return copy;
    }
  }

  private record Version(
      Instant created, Optional<Instant> deleted, boolean destroyed, Map<String, ?> data) {
    boolean isLive(Instant now) {
      return !destroyed && deleted.filter(at -> !at.isAfter(now)).isEmpty();
    }

    Version deletedAt(Optional<Instant> moment) {
      return new Version(created, moment, destroyed, data);
    }

    Map<String, Object> describe() {
      return new LinkedHashMap<>(Map.of(
          "created_time", InstantText.format(created),
          "deletion_time", deleted.map(InstantText::format).orElse(""),
          "destroyed", destroyed));
    }
  }

  KvModel copy() {
    KvModel copy = new KvModel();
    copy.config = config.copy();
    keys.forEach((name, key) -> copy.keys.put(name, key.copy()));
    return copy;
  }

  /** Returns the number of the newest version; 0 where there is none. */
  int current(String name) {
    return keys.containsKey(name) ? keys.get(name).current : 0;
  }

  /** Returns the numbers of the versions kept. */
  List<Integer> versions(String name) {
    return keys.containsKey(name) ? List.copyOf(keys.get(name).versions.keySet()) : List.of();
  }

  Reply request(Operation operation, String path, Map<String, ?> params, Instant now) {
    String family = path.replaceAll("/.*", "");
    String name = path.substring(Math.min(path.length(), family.length() + 1));
    Key key = keys.get(name);
    return switch (family + " " + operation) {
      case "config READ" -> new Reply(200, config.describe());
      case "config UPDATE" -> configure(params);
      case "data READ" -> read(key, params, now);
      case "data UPDATE" -> write(name, key, params, now);
      case "data PATCH" -> patch(key, params, now);
      case "data DELETE" -> delete(key, List.of(current(name)), now);
      case "delete UPDATE" ->
        numbers(params).isEmpty() ? REFUSED : delete(key, numbers(params), now);
      case "undelete UPDATE" ->
        numbers(params).isEmpty() ? REFUSED : undelete(key, numbers(params), now);
      case "destroy UPDATE" -> numbers(params).isEmpty() ? REFUSED : destroy(key, numbers(params));
      case "metadata READ" -> key == null ? NOTHING : new Reply(200, describe(key));
      case "metadata UPDATE" -> writeMetadata(name, key, params, now, /* patch= */ false);
      case "metadata PATCH" -> writeMetadata(name, key, params, now, /* patch= */ true);
      case "metadata DELETE" -> deleteMetadata(name);
      case "metadata LIST" -> list(name, params, /* detailed= */ false);
      case "detailed-metadata LIST" -> list(name, params, /* detailed= */ true);
      case "metadata SCAN" -> scan(name);
      case "subkeys READ" -> subkeys(key, params, now);
      default -> throw new IllegalArgumentException(family + " " + operation);
    };
  }

  private Reply configure(Map<String, ?> params) {
    config.take(params);
    return DONE;
  }

  private static Reply read(@Nullable Key key, Map<String, ?> params, Instant now) {
    int number = asked(key, params);
    if (number == 0) {
      return NOTHING;
    }
    Version version = key.versions.get(number);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("data", version.isLive(now) ? version.data : null);
    data.put("metadata", describe(key, number));
    return new Reply(version.isLive(now) ? 200 : 404, data);
  }

  /** The version a read names, or the newest; 0 if the key does not keep it. */
  private static int asked(@Nullable Key key, Map<String, ?> params) {
    if (key == null) {
      return 0;
    }
    int wanted = number(params, "version");
    int number = wanted > 0 ? wanted : key.current;
    return key.versions.containsKey(number) ? number : 0;
  }

  private Reply write(String name, @Nullable Key found, Map<String, ?> params, Instant now) {
    if (!params.containsKey("data") || !casHolds(found, params)) {
      return REFUSED;
    }
    Key key = keys.computeIfAbsent(name, created -> new Key(now));
    return add(key, object((Map<?, ?>) params.get("data")), now);
  }

  private Reply patch(@Nullable Key key, Map<String, ?> params, Instant now) {
    if (!params.containsKey("data")) {
      return REFUSED;
    }
    if (key == null) {
      return NOTHING;
    }
    if (!casHolds(key, params)) {
      return REFUSED;
    }
    Version version = key.versions.get(key.current);
    if (version == null) {
      return NOTHING;
    }
    if (!version.isLive(now)) {
      return new Reply(404, describe(key, key.current));
    }
    return add(key, merge(version.data, (Map<?, ?>) params.get("data")), now);
  }

  private boolean casHolds(@Nullable Key key, Map<String, ?> params) {
    Map<?, ?> options = (Map<?, ?>) params.get("options");
    if (options == null) {
      return !config.casRequired && (key == null || !key.settings.casRequired);
    }
    return options.get("cas").equals(key == null ? 0 : key.current);
  }

  private Reply add(Key key, Map<String, ?> data, Instant now) {
    key.current++;
    key.updated = now;
    key.versions.put(key.current, new Version(now, lifetimeEnd(key, now), false, data));
    int limit = Math.max(key.settings.maxVersions, config.maxVersions);
    int window = limit == 0 ? 10 : limit;
    if (key.current - key.oldest >= window) {
      key.oldest = key.current - window + 1;
      key.versions.headMap(key.oldest).clear();
    }
    return new Reply(200, describe(key, key.current));
  }

  private Optional<Instant> lifetimeEnd(Key key, Instant now) {
    long mine = key.settings.lifetimeSeconds;
    long ofMount = config.lifetimeSeconds;
    if (ofMount < 0 || (ofMount == 0 && mine == 0)) {
      return Optional.empty();
    }
    boolean keysCounts = ofMount == 0 || (mine != 0 && mine < ofMount);
    return Optional.of(now.plusSeconds(keysCounts ? mine : ofMount));
  }

  private static Map<String, @Nullable Object> object(Map<?, ?> members) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    members.forEach((name, value) -> object.put((String) name, value));
    return object;
  }

  private static Map<String, @Nullable Object> merge(Map<?, ?> target, Map<?, ?> patch) {
    Map<String, @Nullable Object> merged = object(target);
    patch.forEach((name, value) -> {
      if (value == null) {
        merged.remove(name);
      } else if (value instanceof Map<?, ?> inner) {
        Map<?, ?> below = merged.get(name) instanceof Map<?, ?> there ? there : Map.of();
        merged.put((String) name, merge(below, inner));
      } else {
        merged.put((String) name, value);
      }
    });
    return merged;
  }

  private static Reply delete(@Nullable Key key, List<Integer> numbers, Instant now) {
    return change(
        key,
        numbers,
        version -> version.isLive(now) ? version.deletedAt(Optional.of(now)) : version);
  }

  private Reply undelete(@Nullable Key key, List<Integer> numbers, Instant now) {
    return change(
        key,
        numbers,
        version -> version.destroyed ? version : version.deletedAt(lifetimeEnd(key, now)));
  }

  private static Reply destroy(@Nullable Key key, List<Integer> numbers) {
    return change(
        key,
        numbers,
        version -> new Version(version.created, version.deleted, /* destroyed= */ true, Map.of()));
  }

  private static Reply change(
      @Nullable Key key, List<Integer> numbers, UnaryOperator<Version> change) {
    if (key != null) {
      numbers.forEach(
          number -> key.versions.computeIfPresent(number, (n, version) -> change.apply(version)));
    }
    return DONE;
  }

  private Reply writeMetadata(
      String name, @Nullable Key found, Map<String, ?> params, Instant now, boolean patch) {
    boolean nothingGiven =
        Stream.of("max_versions", "cas_required", "metadata_cas_required", "custom_metadata")
                .noneMatch(params::containsKey)
            && params.get("delete_version_after") == null;
    if (nothingGiven) {
      return DONE;
    }
    if (patch && found == null) {
      return NOTHING;
    }
    boolean negative = Stream.of("max_versions", "delete_version_after")
        .anyMatch(field -> params.get(field) instanceof Integer number && number < 0);
    if (negative || !metadataCasHolds(found, params)) {
      return REFUSED;
    }
    Key key = keys.computeIfAbsent(name, created -> new Key(now));
    key.settings.take(params);
    if (params.containsKey("custom_metadata")) {
      Map<?, ?> given = params.get("custom_metadata") instanceof Map<?, ?> map ? map : Map.of();
      boolean cleared = params.get("custom_metadata") == null;
      key.custom = merge(patch && !cleared ? key.custom : Map.of(), given);
    }
    key.metadataVersion++;
    key.updated = now;
    boolean overruled = (config.casRequired && Boolean.FALSE.equals(params.get("cas_required")))
        || (config.metadataCasRequired
            && Boolean.FALSE.equals(params.get("metadata_cas_required")));
    return overruled ? new Reply(200, null) : DONE;
  }

  private boolean metadataCasHolds(@Nullable Key key, Map<String, ?> params) {
    if (!params.containsKey("metadata_cas")) {
      return !config.metadataCasRequired && (key == null || !key.settings.metadataCasRequired);
    }
    return params.get("metadata_cas").equals(key == null ? 0 : key.metadataVersion);
  }

  private Reply deleteMetadata(String name) {
    keys.remove(name);
    return DONE;
  }

  private Reply list(String folder, Map<String, ?> params, boolean detailed) {
    String after = params.get("after") instanceof String text ? text : "";
    int limit = number(params, "limit");
    List<String> names = children(folder).stream()
        .filter(name -> after.isEmpty() || BYTE_ORDER.compare(name, after) > 0)
        .limit(limit > 0 ? limit : Integer.MAX_VALUE)
        .toList();
    if (names.isEmpty()) {
      return NOTHING;
    }
    Map<String, Object> data = new LinkedHashMap<>(Map.of("keys", names));
    if (detailed) {
      Map<String, Object> info = new LinkedHashMap<>();
      names.forEach(name ->
          info.put(name, name.endsWith("/") ? Map.of() : describe(keys.get(folder + name))));
      data.put("key_info", info);
    }
    return new Reply(200, data);
  }

  private NavigableSet<String> children(String folder) {
    NavigableSet<String> names = new TreeSet<>(BYTE_ORDER);
    for (String name : keys.keySet()) {
      if (name.startsWith(folder)) {
        String rest = name.substring(folder.length());
        names.add(rest.replaceFirst("/.*", "/"));
      }
    }
    return names;
  }

  private Reply scan(String folder) {
    List<String> names = new ArrayList<>();
    collect(folder, "", names);
    return new Reply(200, names.isEmpty() ? Map.of() : Map.of("keys", names));
  }

  private void collect(String folder, String below, List<String> names) {
    NavigableSet<String> here = children(folder + below);
    here.stream().filter(name -> !name.endsWith("/")).forEach(name -> names.add(below + name));
    here.descendingSet().stream()
        .filter(name -> name.endsWith("/"))
        .forEach(name -> collect(folder, below + name, names));
  }

  private static Reply subkeys(@Nullable Key key, Map<String, ?> params, Instant now) {
    int number = asked(key, params);
    if (number == 0) {
      return NOTHING;
    }
    Version version = key.versions.get(number);
    int depth = number(params, "depth");
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("subkeys", version.isLive(now) ? names(version.data, depth < 0 ? 1 : depth) : null);
    data.put("metadata", describe(key, number));
    return new Reply(version.isLive(now) ? 200 : 404, data);
  }

  /** Keeps the names down to so many levels; 0: all. */
  private static Map<String, @Nullable Object> names(Map<?, ?> object, int depth) {
    Map<String, @Nullable Object> names = new LinkedHashMap<>();
    object.forEach((name, value) -> {
      boolean deeper = depth != 1 && value instanceof Map<?, ?> inner && !inner.isEmpty();
      names.put((String) name, deeper ? names((Map<?, ?>) value, Math.max(0, depth - 1)) : null);
    });
    return names;
  }

  private static Map<String, @Nullable Object> describe(Key key, int number) {
    Map<String, @Nullable Object> members = key.versions.get(number).describe();
    members.put("version", number);
    members.put("custom_metadata", key.custom.isEmpty() ? null : key.custom);
    return members;
  }

  private static Map<String, @Nullable Object> describe(Key key) {
    Map<String, Object> versions = new LinkedHashMap<>();
    key.versions.forEach(
        (number, version) -> versions.put(String.valueOf(number), version.describe()));
    Map<String, @Nullable Object> members = key.settings.describe();
    members.put("versions", versions);
    members.put("current_version", key.current);
    members.put("oldest_version", key.oldest);
    members.put("current_metadata_version", key.metadataVersion);
    members.put("created_time", InstantText.format(key.created));
    members.put("updated_time", InstantText.format(key.updated));
    members.put("custom_metadata", key.custom.isEmpty() ? null : key.custom);
    return members;
  }

  private static int number(Map<String, ?> params, String name) {
    return params.get(name) instanceof Integer number ? number : 0;
  }

  private static List<Integer> numbers(Map<String, ?> params) {
    return ((List<?>) params.get("versions")).stream().map(Integer.class::cast).toList();
  }
}
