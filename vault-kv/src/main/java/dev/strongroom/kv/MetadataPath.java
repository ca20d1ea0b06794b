package dev.strongroom.kv;

import static dev.strongroom.ErrorCode.CONFLICT;
import static dev.strongroom.ErrorCode.INVALID_REQUEST;
import static dev.strongroom.ErrorCode.LIMIT_EXCEEDED;

import dev.strongroom.Change;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.InstantText;
import dev.strongroom.spi.Page;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * {@code metadata/}: settings, history and listing of keys. Same rules and texts as OpenBao v2.6.2
 * {@code builtin/logical/kv/path_metadata.go}.
 */
final class MetadataPath {
  private static final List<String> SETTINGS = List.of(
      "max_versions",
      "cas_required",
      "metadata_cas_required",
      "delete_version_after",
      "custom_metadata");

  /** Names that a scan may find, and keys with their versions that a detailed answer may hold. */
  static final int MAX_ANSWER = 100_000;

  private final Keys keys;
  private final int maxAnswer;
  private final Listing listing;

  MetadataPath(Keys keys, int maxAnswer) {
    this.keys = keys;
    this.maxAnswer = maxAnswer;
    this.listing = new Listing(KeyRecord.KIND, maxAnswer);
  }

  List<Route> routes() {
    return List.of(
        Page.declare(Route.at(
                "metadata/{path...}", "Settings and versions of a key; its folder lists names."))
            .field("max_versions", FieldType.INTEGER, "Versions kept; 0: the mount's setting.")
            .field("cas_required", FieldType.FLAG, "Whether writes must give cas.")
            .field(
                "metadata_cas_required",
                FieldType.FLAG,
                "Whether writes of settings must give metadata_cas.")
            .field(
                "metadata_cas",
                FieldType.INTEGER,
                "The version of the settings this write replaces.")
            .field(
                "delete_version_after",
                FieldType.DURATION,
                "How long new versions live; 0: the mount's setting.")
            .field(
                "custom_metadata",
                FieldType.OBJECT,
                "Up to 64 names and values for people, readable by all who may read.")
            .exists(call -> keys.find(call.storage(), call.captured("path")).isPresent())
            .on(Operation.READ, this::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.PATCH, this::patch)
            .on(Operation.DELETE, this::delete)
            .on(Operation.LIST, call -> list(call, /* detailed= */ false))
            .on(Operation.SCAN, call -> scan(call, /* detailed= */ false)),
        Page.declare(Route.at(
                "detailed-metadata/{path...}", "Names of a folder with the settings of each key."))
            .on(Operation.LIST, call -> list(call, /* detailed= */ true))
            .on(Operation.SCAN, call -> scan(call, /* detailed= */ true)));
  }

  private Response read(Call call) {
    String path = call.captured("path");
    return keys.find(call.storage(), path)
        .map(key -> Response.of(Payload.of(describe(call.storage(), path, key))))
        .orElse(Response.empty());
  }

  private Map<String, @Nullable Object> describe(Storage storage, String path, KeyRecord key) {
    Map<String, Object> versions = new LinkedHashMap<>();
    keys.entries(storage, path, key)
        .forEach((version, entry) -> versions.put(version.toString(), entry.describe()));
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("versions", versions);
    members.put("current_version", key.current());
    members.put("oldest_version", key.oldest());
    members.put("created_time", InstantText.format(key.createdAt()));
    members.put("updated_time", InstantText.format(key.updatedAt()));
    members.put("current_metadata_version", key.metadataVersion());
    KeySettings settings = key.settings();
    members.put("max_versions", settings.maxVersions());
    members.put("cas_required", settings.casRequired());
    members.put("metadata_cas_required", settings.metadataCasRequired());
    members.put("delete_version_after", DurationText.format(settings.deleteVersionAfter()));
    members.put("custom_metadata", CustomMetadata.orNull(settings.customMetadata()));
    return members;
  }

  private Response write(Call call) {
    if (SETTINGS.stream().noneMatch(call::has)) {
      return Response.empty();
    }
    Optional<KeyRecord> found = keys.find(call.storage(), call.captured("path"));
    EngineConfig config = EngineConfig.load(call.storage());
    checkAndSet(call, config, found);
    KeyRecord key = found.orElseGet(() -> keys.create(call.now()));
    Map<String, String> custom = call.has("custom_metadata")
        ? CustomMetadata.parse(customMetadata(call))
        : key.settings().customMetadata();
    return store(call, config, key, custom);
  }

  private Response patch(Call call) {
    if (SETTINGS.stream().noneMatch(call::has)) {
      return Response.empty();
    }
    Map<String, @Nullable Object> changes = customMetadata(call);
    CustomMetadata.parse(CustomMetadata.withoutNulls(changes));
    Optional<KeyRecord> found = keys.find(call.storage(), call.captured("path"));
    if (found.isEmpty()) {
      return Response.notFound();
    }
    EngineConfig config = EngineConfig.load(call.storage());
    checkAndSet(call, config, found);
    KeyRecord key = found.get();
    boolean cleared =
        call.has("custom_metadata") && call.object("custom_metadata").isEmpty();
    Map<String, String> custom = cleared
        ? Map.of()
        : CustomMetadata.parse(MergePatch.apply(key.settings().customMetadata(), changes));
    return store(call, config, key, custom);
  }

  private static Map<String, @Nullable Object> customMetadata(Call call) {
    return call.object("custom_metadata").orElse(Payload.empty()).toMap();
  }

  private Response store(
      Call call, EngineConfig config, KeyRecord key, Map<String, String> custom) {
    KeySettings before = key.settings();
    KeySettings settings = new KeySettings(
        call.has("max_versions") ? Settings.maxVersions(call) : before.maxVersions(),
        call.flag("cas_required").orElse(before.casRequired()),
        call.flag("metadata_cas_required").orElse(before.metadataCasRequired()),
        call.duration("delete_version_after")
            .map(MetadataPath::requireNotNegative)
            .orElse(before.deleteVersionAfter()),
        custom);
    keys.store(call.storage(), call.captured("path"), key.withSettings(settings, call.now()));
    Response response = Response.empty();
    if (config.casRequired() && call.flag("cas_required").equals(Optional.of(false))) {
      response = response.withWarning(mandated("cas_required"));
    }
    if (config.metadataCasRequired()
        && call.flag("metadata_cas_required").equals(Optional.of(false))) {
      response = response.withWarning(mandated("metadata_cas_required"));
    }
    return response;
  }

  private static String mandated(String setting) {
    return "\"" + setting
        + "\" set to false, but is mandated by backend config. This value will be ignored.";
  }

  private static Duration requireNotNegative(Duration duration) {
    if (duration.isNegative()) {
      throw new VaultException(
          INVALID_REQUEST,
          "Field validation failed: error converting input for field \"delete_version_after\": cannot provide negative value '"
              + duration.toSeconds() + "'");
    }
    return duration;
  }

  private static void checkAndSet(Call call, EngineConfig config, Optional<KeyRecord> key) {
    if (!call.has("metadata_cas")) {
      if (config.metadataCasRequired()
          || key.filter(k -> k.settings().metadataCasRequired()).isPresent()) {
        throw new VaultException(
            INVALID_REQUEST, "metadata check-and-set parameter required for this call");
      }
      return;
    }
    long expected = call.integer("metadata_cas").orElse(0);
    if (key.isEmpty() && expected != 0) {
      throw new VaultException(CONFLICT, "metadata_cas must be 0 when creating new metadata");
    }
    if (key.isPresent() && expected != key.get().metadataVersion()) {
      throw new VaultException(
          CONFLICT, "metadata check-and-set parameter does not match the current version");
    }
  }

  private Response delete(Call call) {
    String path = call.captured("path");
    keys.find(call.storage(), path).ifPresent(key -> {
      keys.delete(call.storage(), path, key);
      DataPath.changed(call, Change.Kind.REMOVED, path, OptionalInt.empty());
    });
    return Response.empty();
  }

  private Response list(Call call, boolean detailed) {
    String folder = call.captured("path");
    List<String> names = Page.of(call, listing.in(call.storage(), folder));
    return detailed && !names.isEmpty() ? detailed(call, folder, names) : Listing.ofList(names);
  }

  private Response scan(Call call, boolean detailed) {
    String folder = call.captured("path");
    List<String> names = listing.below(call.storage(), folder);
    return detailed && !names.isEmpty() ? detailed(call, folder, names) : Listing.ofScan(names);
  }

  private Response detailed(Call call, String folder, List<String> names) {
    long entries = 0;
    Map<String, Object> info = new LinkedHashMap<>();
    for (String name : names) {
      String path = folder + name;
      Optional<KeyRecord> key = keys.find(call.storage(), path);
      entries += 1 + key.map(k -> k.current() - k.firstKept() + 1).orElse(0);
      if (entries > maxAnswer) {
        throw new VaultException(
            LIMIT_EXCEEDED,
            "an answer holds at most " + maxAnswer
                + " keys and versions; ask for fewer with after and limit");
      }
      info.put(name, key.<Object>map(k -> describe(call.storage(), path, k)).orElse(Map.of()));
    }
    return Response.of(Payload.of(Map.of("keys", names, "key_info", info)));
  }
}
