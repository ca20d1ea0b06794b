package dev.strongroom.dbsecrets.internal.url;

import com.google.errorprone.annotations.Immutable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What may be set besides the address, under libpq's name, and what the JDBC driver calls it. */
enum Parameter {
  SSLMODE("sslmode", choice("disable, allow, prefer, require, verify-ca, verify-full")),
  SSLROOTCERT("sslrootcert", Parameter::path),
  SSLCERT("sslcert", Parameter::path),
  SSLKEY("sslkey", Parameter::path),
  CHANNEL_BINDING("channelBinding", choice("disable, prefer, require")),
  APPLICATION_NAME("ApplicationName", Parameter::name),
  CONNECT_TIMEOUT("connectTimeout", Parameter::seconds),
  TARGET_SESSION_ATTRS("targetServerType", Parameter::serverType),
  /** Only the one that is used anyway. */
  TIMEZONE("", Parameter::utc);

  static final int DEFAULT_CONNECT_SECONDS = 10;
  private static final int MAX_CONNECT_SECONDS = 20;

  /** The driver distinguishes servers by their role, which is what these come to. */
  private static final Map<String, String> SERVER_TYPES = Map.of(
      "any", "any",
      "read-write", "primary",
      "primary", "primary",
      "read-only", "secondary",
      "standby", "secondary",
      "prefer-standby", "preferSecondary");

  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");

  private final String property;
  private final Rule rule;

  /** Returns the value for the driver; the message of a refusal says what is allowed. */
  @Immutable
  private interface Rule {
    String checked(String value);
  }

  Parameter(String property, Rule rule) {
    this.property = property;
    this.rule = rule;
  }

  static Optional<Parameter> named(String word) {
    return Arrays.stream(values()).filter(p -> p.word().equals(word)).findFirst();
  }

  static String words() {
    return Arrays.stream(values()).map(Parameter::word).collect(Collectors.joining(", "));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns what the driver calls it; empty if the driver is told nothing. */
  String property() {
    return property;
  }

  String checked(String value) {
    try {
      return rule.checked(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(word() + " is " + e.getMessage(), e);
    }
  }

  /** The words stand as they are told, because a rule holds nothing that changes. */
  private static Rule choice(String words) {
    return value -> {
      if (!List.of(words.split(", ", -1)).contains(value)) {
        throw new IllegalArgumentException("one of " + words);
      }
      return value;
    };
  }

  private static String path(String value) {
    if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the path of a file");
    }
    return value;
  }

  private static String name(String value) {
    if (value.length() > 63 || !PRINTABLE.matcher(value).matches()) {
      throw new IllegalArgumentException("1 to 63 printable ASCII characters");
    }
    return value;
  }

  private static String seconds(String value) {
    int seconds = value.matches("\\d{1,3}") ? Integer.parseInt(value) : -1;
    if (seconds < 0 || seconds > MAX_CONNECT_SECONDS) {
      throw new IllegalArgumentException("0 to " + MAX_CONNECT_SECONDS + " seconds");
    }
    return String.valueOf(seconds == 0 ? DEFAULT_CONNECT_SECONDS : seconds);
  }

  private static String serverType(String value) {
    return Optional.ofNullable(SERVER_TYPES.get(value))
        .orElseThrow(() -> new IllegalArgumentException(
            "one of any, read-write, read-only," + " primary, standby, prefer-standby"));
  }

  private static String utc(String value) {
    if (!value.equalsIgnoreCase("UTC")) {
      throw new IllegalArgumentException("always UTC");
    }
    return value;
  }
}
