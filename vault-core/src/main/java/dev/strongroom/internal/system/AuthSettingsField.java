package dev.strongroom.internal.system;

import static dev.strongroom.ErrorCode.INVALID_REQUEST;

import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.AuthSettings;
import dev.strongroom.internal.mount.AuthSettings.Lockout;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.DurationText;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.TokenTypeRule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What can be set for an auth method: {@code token_type} and {@code user_lockout_config}. Same
 * names and texts as OpenBao v2.6.2 {@code vault/logical_system.go}.
 */
final class AuthSettingsField {
  private static final String TOKEN_TYPE = "token_type";
  private static final String LOCKOUT = "user_lockout_config";
  private static final String THRESHOLD = "lockout_threshold";
  private static final String DURATION = "lockout_duration";
  private static final String RESET = "lockout_counter_reset_duration";
  private static final String DISABLE = "lockout_disable";
  private static final int MAX_THRESHOLD = 1_000_000;
  private static final Duration MAX_TIME = Duration.ofDays(3650);

  private AuthSettingsField() {}

  static Route declare(Route route) {
    return route
        .field(TOKEN_TYPE, FieldType.TEXT, "What logins make: service, batch, default-….")
        .field(LOCKOUT, FieldType.OBJECT, "When failed logins lock a name.");
  }

  /** Returns the settings that the {@code config} of a new mount asks for. */
  static AuthSettings ofConfig(Payload config) {
    if (config.get(TOKEN_TYPE).isPresent() && config.text(TOKEN_TYPE).isEmpty()) {
      throw refused("invalid value for 'token_type'");
    }
    return config
        .text(TOKEN_TYPE)
        .filter(text -> !text.isEmpty())
        .map(text -> AuthSettings.UNSET.withTokenType(rule(text)))
        .orElse(AuthSettings.UNSET);
  }

  /** Returns what tuning makes of the settings of a mount. */
  static AuthSettings tuned(SystemCall call, MountEntry mount) {
    AuthSettings tuned = mount.settings().auth();
    if (call.given(TOKEN_TYPE).isPresent()) {
      requireLogins(mount, TOKEN_TYPE);
      tuned = tuned.withTokenType(rule(call.given(TOKEN_TYPE).get()));
    }
    Payload lockout = call.object(LOCKOUT).orElse(Payload.empty());
    if (!lockout.isEmpty()) {
      requireLogins(mount, LOCKOUT);
      tuned = tuned.withLockout(lockout(lockout, tuned.lockout().orElse(Lockout.UNSET)));
    }
    return tuned;
  }

  private static void requireLogins(MountEntry mount, String field) {
    if (!mount.isAuth()) {
      throw refused("'" + field + "' can only be modified on auth mounts");
    }
    if (mount.type().equals("token")) {
      throw refused("'" + field + "' cannot be set for 'token' auth mounts");
    }
  }

  private static TokenTypeRule rule(String text) {
    return TokenTypeRule.named(text).orElseThrow(() -> refused("invalid value for 'token_type'"));
  }

  private static Lockout lockout(Payload given, Lockout before) {
    Set<String> known = Set.of(THRESHOLD, DURATION, RESET, DISABLE);
    if (!known.containsAll(given.toMap().keySet())) {
      throw refused("'" + LOCKOUT + "' takes " + known.stream().sorted().toList());
    }
    return new Lockout(
        given.has(THRESHOLD) ? threshold(given) : before.threshold(),
        given.has(DURATION) ? time(given, DURATION) : before.duration(),
        given.has(RESET) ? time(given, RESET) : before.counterReset(),
        given.has(DISABLE) ? flag(given) : before.disabled());
  }

  private static int threshold(Payload given) {
    String text = String.valueOf(given.get(THRESHOLD).orElse(""));
    if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) > MAX_THRESHOLD) {
      throw refused("'" + LOCKOUT + "': " + THRESHOLD + " is a number from 0, the default, to "
          + MAX_THRESHOLD);
    }
    return Integer.parseInt(text);
  }

  private static Duration time(Payload given, String name) {
    String text = String.valueOf(given.get(name).orElse(""));
    try {
      Duration time =
          text.isEmpty() || text.equals("system") ? Duration.ZERO : DurationText.parseSeconds(text);
      if (time.isNegative() || time.compareTo(MAX_TIME) > 0) {
        throw new IllegalArgumentException();
      }
      return time;
    } catch (IllegalArgumentException e) {
      throw refused("'" + LOCKOUT + "': " + name + " is a duration from 0, the default, to 87600h");
    }
  }

  private static boolean flag(Payload given) {
    return switch (String.valueOf(given.get(DISABLE).orElse(""))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("'" + LOCKOUT + "': " + DISABLE + " is a boolean");
    };
  }

  private static VaultException refused(String reason) {
    return new VaultException(INVALID_REQUEST, reason);
  }

  /** Adds the settings of an auth method to its {@code config}. */
  static void describe(MountEntry mount, Map<String, Object> config) {
    if (!mount.isAuth()) {
      return;
    }
    config.put(TOKEN_TYPE, mount.settings().auth().tokenType().text());
    mount.settings().auth().lockout().ifPresent(rules -> config.put(LOCKOUT, members(rules)));
  }

  /** Adds the settings of an auth method to what tuning reads. */
  static void describeTuning(MountEntry mount, Map<String, Object> members) {
    if (!mount.isAuth()) {
      return;
    }
    members.put(TOKEN_TYPE, mount.settings().auth().tokenType().text());
    mount.settings().auth().lockout().ifPresent(rules -> members.putAll(members(rules)));
  }

  private static Map<String, Object> members(Lockout rules) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("user_lockout_threshold", rules.threshold());
    members.put("user_lockout_duration", rules.duration().toSeconds());
    members.put("user_lockout_counter_reset_duration", rules.counterReset().toSeconds());
    members.put("user_lockout_disable", rules.disabled());
    return members;
  }
}
