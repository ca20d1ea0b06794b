package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.lease.LeaseStore;
import dev.strongroom.internal.mount.AuthSettings;
import dev.strongroom.internal.mount.MountChanges;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.mount.MountSettings;
import dev.strongroom.internal.mount.Visibility;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code sys/mounts}: mounts, unmounts, tunes and lists. Same rules and texts as OpenBao v2.6.2
 * {@code vault/logical_system.go}.
 */
final class MountPath {
  private static final int MAX_DESCRIPTION = 4096;
  private static final int MAX_OPTIONS = 64;
  private static final int MAX_OPTION = 512;

  private static final String VISIBILITY = "listing_visibility";

  private final MountChanges mounts;
  private final LeaseStore leases;
  private final TtlRules ttls;

  MountPath(MountChanges mounts, LeaseStore leases, TtlRules ttls) {
    this.mounts = mounts;
    this.leases = leases;
    this.ttls = ttls;
  }

  List<Route> routes() {
    return List.of(
        Route.at("mounts", "All mounts.").on(Operation.READ, call -> list(SystemCall.of(call))),
        withSettings(Route.at("mounts/{path...}/tune", "Settings of a mount."))
            .on(Operation.READ, call -> readTuning(SystemCall.of(call), path(call)))
            .on(Operation.UPDATE, call -> tune(SystemCall.of(call), path(call))),
        Route.at("mounts/{path...}", "A mount.")
            .field("type", FieldType.TEXT, "The engine.")
            .field("description", FieldType.TEXT, "For people.")
            .field("config", FieldType.OBJECT, "Lifetimes, as for tune.")
            .field("options", FieldType.PAIRS, "Options of the engine.")
            .on(Operation.READ, call -> read(SystemCall.of(call)))
            .on(Operation.UPDATE, call -> mount(SystemCall.of(call)))
            .on(Operation.DELETE, call -> unmount(SystemCall.of(call))));
  }

  /** Returns the route with what can be tuned. */
  static Route withSettings(Route route) {
    return AuthSettingsField.declare(route
        .field(
            "default_lease_ttl",
            FieldType.TEXT,
            "Lifetime where none is asked for; 0 or \"system\": the vault's.")
        .field("max_lease_ttl", FieldType.TEXT, "Longest lifetime; 0 or \"system\": the vault's.")
        .field("description", FieldType.TEXT, "For people.")
        .field("options", FieldType.PAIRS, "Options of the engine; an empty value removes one.")
        .field(VISIBILITY, FieldType.TEXT, "unauth lists the mount for strangers, hidden does not.")
        .field(
            PlainKeysField.REQUEST,
            FieldType.COMMA_TEXTS,
            "Parameters that the audit shows as they are.")
        .field(
            PlainKeysField.RESPONSE,
            FieldType.COMMA_TEXTS,
            "Members of answers that the audit shows as they are."));
  }

  private static String path(Call call) {
    return folder(call.captured("path"));
  }

  private Response list(SystemCall call) {
    Map<String, Object> members = new LinkedHashMap<>();
    mounts.table(call.transaction()).entries().stream()
        .filter(entry -> !entry.isAuth())
        .forEach(entry -> members.put(entry.path(), describe(entry)));
    return Response.of(Payload.of(members));
  }

  private Response read(SystemCall call) {
    String path = folder(call.captured("path"));
    return mounts
        .table(call.transaction())
        .at(path)
        .map(entry -> Response.of(Payload.of(describe(entry))))
        .orElseGet(() -> Response.failure(INVALID_REQUEST, "No secret engine mount at " + path));
  }

  private Response mount(SystemCall call) {
    String type = call.required("type", "backend type must be specified as a string");
    String path = folder(call.captured("path"));
    mounts.mount(call.transaction(), path, wanted(call, type, AuthSettings.UNSET));
    return Response.empty();
  }

  /** Returns what a call wants to be mounted. */
  MountChanges.Wanted wanted(SystemCall call, String type, AuthSettings auth) {
    Payload config = config(call);
    Duration defaultTtl = ttl(config.text("default_lease_ttl")).orElse(Duration.ZERO);
    Duration maxTtl = ttl(config.text("max_lease_ttl")).orElse(Duration.ZERO);
    requireFitting(defaultTtl, maxTtl);
    return new MountChanges.Wanted(
        type,
        options(call),
        description(call).orElse(""),
        MountSettings.UNSET
            .withLeaseTtls(defaultTtl, maxTtl)
            .withPlainKeys(PlainKeysField.ofConfig(config))
            .withVisibility(visibility(config.text(VISIBILITY)).orElse(Visibility.UNSET))
            .withAuth(auth));
  }

  static Payload config(SystemCall call) {
    return call.object("config").orElse(Payload.empty());
  }

  private static Optional<Visibility> visibility(Optional<String> text) {
    return text.map(given -> Visibility.named(given)
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST, "invalid " + VISIBILITY + ": it is empty, hidden or unauth")));
  }

  private Response unmount(SystemCall call) {
    return leases.unmount(call.transaction(), folder(call.captured("path")));
  }

  Response readTuning(SystemCall call, String path) {
    return mounts
        .table(call.transaction())
        .at(path)
        .map(entry -> Response.of(Payload.of(describeTuning(entry))))
        .orElseGet(() ->
            Response.failure(INVALID_REQUEST, "cannot fetch sysview for path \"" + path + "\""));
  }

  Response tune(SystemCall call, String path) {
    MountEntry entry = mounts
        .table(call.transaction())
        .at(path)
        .orElseThrow(() -> new VaultException(
            INVALID_REQUEST, "tune of path \"" + path + "\" failed: no mount entry found"));
    MountSettings before = entry.settings();
    Duration defaultTtl = ttl(call.text("default_lease_ttl")).orElse(before.defaultLeaseTtl());
    Duration maxTtl = ttl(call.text("max_lease_ttl")).orElse(before.maxLeaseTtl());
    Duration effectiveMax = maxTtl.isZero() ? ttls.maxTtl() : maxTtl;
    if (defaultTtl.compareTo(effectiveMax) > 0) {
      return Response.failure(
          INVALID_REQUEST,
          "backend max lease TTL of " + effectiveMax.toSeconds()
              + " would be less than backend default lease TTL of " + defaultTtl.toSeconds());
    }
    MountEntry tuned = entry
        .withDescription(description(call).orElse(entry.description()))
        .withSettings(before
            .withLeaseTtls(defaultTtl, maxTtl)
            .withPlainKeys(PlainKeysField.tuned(call, before.plainKeys()))
            .withVisibility(visibility(call.text(VISIBILITY)).orElse(before.visibility()))
            .withAuth(AuthSettingsField.tuned(call, entry)))
        .withOptions(
            options(call).isEmpty() ? entry.options() : mounts.tunedOptions(entry, options(call)));
    if (!tuned.equalsInSettings(entry)) {
      mounts.tune(call.transaction(), tuned);
    }
    String from = version(entry);
    String to = version(tuned);
    return from.equals(to)
        ? Response.empty()
        : Response.empty()
            .withWarning(
                "Upgrading mount from version " + from + " to version " + to
                    + ". This mount will be unavailable for a brief period and will resume service shortly.");
  }

  private static String version(MountEntry entry) {
    return entry.options().getOrDefault("version", "1");
  }

  /** Returns a mount as clients know it; also for the pre-flight of KV clients. */
  static Map<String, @Nullable Object> describe(MountEntry entry) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("type", entry.type());
    members.put("description", entry.description());
    members.put("accessor", entry.accessor());
    members.put("uuid", entry.uuid().toString());
    members.put("local", false);
    members.put("seal_wrap", false);
    members.put("external_entropy_access", false);
    members.put("options", SystemCall.orNull(entry.options()));
    members.put("plugin_version", "");
    members.put("running_plugin_version", "");
    members.put("running_sha256", "");
    if (!SystemEngines.MOUNTS.containsKey(entry.path())) {
      members.put("deprecation_status", "supported");
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("default_lease_ttl", entry.settings().defaultLeaseTtl().toSeconds());
    config.put("max_lease_ttl", entry.settings().maxLeaseTtl().toSeconds());
    config.put("force_no_cache", false);
    describeSettings(entry.settings(), config);
    AuthSettingsField.describe(entry, config);
    members.put("config", config);
    return members;
  }

  /** Adds what is shown only where it is set. */
  private static void describeSettings(MountSettings settings, Map<String, Object> members) {
    PlainKeysField.describe(settings.plainKeys(), members);
    if (settings.visibility() != Visibility.UNSET) {
      members.put(VISIBILITY, settings.visibility().text());
    }
  }

  private Map<String, Object> describeTuning(MountEntry entry) {
    TtlRules rules = ttls.of(entry.settings());
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("default_lease_ttl", rules.defaultTtl().toSeconds());
    members.put("max_lease_ttl", rules.maxTtl().toSeconds());
    members.put("force_no_cache", false);
    members.put("description", entry.description());
    if (!entry.options().isEmpty()) {
      members.put("options", entry.options());
    }
    describeSettings(entry.settings(), members);
    AuthSettingsField.describeTuning(entry, members);
    return members;
  }

  private void requireFitting(Duration defaultTtl, Duration maxTtl) {
    if (!maxTtl.isZero() && defaultTtl.compareTo(maxTtl) > 0) {
      throw new VaultException(
          INVALID_REQUEST, "given default lease TTL greater than given max lease TTL");
    }
    if (maxTtl.isZero() && defaultTtl.compareTo(ttls.maxTtl()) > 0) {
      throw new VaultException(
          INVALID_REQUEST,
          "given default lease TTL greater than system max lease TTL of "
              + ttls.maxTtl().toSeconds());
    }
  }

  private static Optional<Duration> ttl(Optional<String> text) {
    try {
      Optional<Duration> ttl = text.map(
          given -> given.equals("system") ? Duration.ZERO : DurationText.parseSeconds(given));
      if (ttl.filter(Duration::isNegative).isPresent()) {
        throw new VaultException(INVALID_REQUEST, "lease TTLs cannot be negative");
      }
      return ttl;
    } catch (IllegalArgumentException e) {
      throw new VaultException(INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns a path as the mount table has it. */
  static String folder(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static Optional<String> description(Call call) {
    Optional<String> text = call.text("description");
    if (text.filter(given -> given.length() > MAX_DESCRIPTION).isPresent()) {
      throw new VaultException(
          INVALID_REQUEST, "description has at most " + MAX_DESCRIPTION + " characters");
    }
    return text;
  }

  private static Map<String, String> options(Call call) {
    Map<String, String> pairs = call.pairs("options");
    boolean fits = pairs.size() <= MAX_OPTIONS
        && pairs.entrySet().stream()
            .allMatch(pair ->
                pair.getKey().length() <= MAX_OPTION && pair.getValue().length() <= MAX_OPTION);
    if (!fits) {
      throw new VaultException(
          INVALID_REQUEST,
          "options has at most " + MAX_OPTIONS + " names and values of at most " + MAX_OPTION
              + " characters");
    }
    return pairs;
  }
}
