package dev.strongroom.dbsecrets.internal.url;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a connection URL says, whichever form it has. Filled once by the form's reader. */
final class Settings {
  private static final int DEFAULT_PORT = 5432;
  private static final int MAX_HOSTS = 16;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1");

  /** A piece of the text. */
  record Span(int start, int end) {}

  private final Map<Parameter, String> parameters = new EnumMap<>(Parameter.class);
  private List<String> hosts = List.of();
  private List<String> ports = List.of();
  private @Nullable String database;
  private @Nullable Component user;
  private @Nullable Component password;
  private @Nullable Span passwordSpan;
  private boolean url;

  void isUrl(boolean value) {
    url = value;
  }

  boolean isUrl() {
    return url;
  }

  void hosts(List<String> names) {
    requireNew(hosts.isEmpty());
    for (String name : names) {
      if (!HOST.matcher(name).matches() && !isIpv6(name)) {
        throw new IllegalArgumentException(
            "a host is a name or an address; sockets of the file system are not supported");
      }
    }
    hosts = List.copyOf(names);
  }

  void ports(List<String> numbers) {
    requireNew(ports.isEmpty());
    for (String number : numbers) {
      if (!PORT.matcher(number).matches()
          || Integer.parseInt(number) < 1
          || Integer.parseInt(number) > 65_535) {
        throw new IllegalArgumentException("a port is 1 to 65535");
      }
    }
    ports = List.copyOf(numbers);
  }

  void database(String name) {
    requireNew(database == null);
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the name of a database has no control characters");
    }
    database = name;
  }

  void user(Component component) {
    requireNew(user == null);
    user = component;
  }

  /** Takes the password, and where it stands in the text. */
  void password(Component component, Span span) {
    requireNew(password == null);
    password = component;
    passwordSpan = span;
  }

  void parameter(String word, String value) {
    Parameter parameter = Parameter.named(word)
        .orElseThrow(() -> new IllegalArgumentException(
            "the only parameters that are allowed are " + Parameter.words()));
    requireNew(!parameters.containsKey(parameter));
    parameters.put(parameter, parameter.checked(Component.withoutPlaceholder(value)));
  }

  private static void requireNew(boolean isNew) {
    if (!isNew) {
      throw new IllegalArgumentException("something is given twice");
    }
  }

  void requireUsable() {
    if (hosts.size() > MAX_HOSTS) {
      throw new IllegalArgumentException("there are at most " + MAX_HOSTS + " hosts");
    }
    if (ports.size() > 1 && ports.size() != hosts.size()) {
      throw new IllegalArgumentException("there is one port, or one for each host");
    }
    if (parameters.containsKey(Parameter.SSLCERT) != parameters.containsKey(Parameter.SSLKEY)) {
      throw new IllegalArgumentException("sslcert and sslkey are given together");
    }
  }

  boolean passwordIsLiteral() {
    return password != null && password.isLiteral();
  }

  Optional<Span> literalPassword() {
    return passwordIsLiteral() ? Optional.ofNullable(passwordSpan) : Optional.empty();
  }

  JdbcTarget target(String username, String secret) {
    return new JdbcTarget(
        jdbcUrl(),
        user == null ? username : user.value(username, secret),
        password == null ? secret : password.value(username, secret),
        properties());
  }

  private String jdbcUrl() {
    List<String> addresses = new ArrayList<>();
    List<String> names = hosts.isEmpty() ? List.of("localhost") : hosts;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String port =
          ports.isEmpty() ? String.valueOf(DEFAULT_PORT) : ports.get(ports.size() == 1 ? 0 : i);
      addresses.add((isIpv6(name) ? "[" + name + "]" : name) + ":" + port);
    }
    String name = database == null ? "" : URLEncoder.encode(database, StandardCharsets.UTF_8);
    return JdbcTarget.PREFIX + String.join(",", addresses) + "/" + name;
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    // Several statements in one text go to the server as they are, and in one message.
    properties.put("preferQueryMode", "extendedForPrepared");
    properties.put("logServerErrorDetail", "false"); // the detail may repeat values
    properties.put("tcpKeepAlive", "true");
    properties.put("ApplicationName", "strongroom");
    properties.put("connectTimeout", String.valueOf(Parameter.DEFAULT_CONNECT_SECONDS));
    parameters.forEach((parameter, value) -> {
      if (!parameter.property().isEmpty()) {
        properties.put(parameter.property(), value);
      }
    });
    properties.put("loginTimeout", properties.get("connectTimeout"));
    secure(properties);
    return properties;
  }

  /** Nobody reads along unless that is asked for: what is far is encrypted, and known. */
  private void secure(Map<String, String> properties) {
    boolean near = hosts.stream().allMatch(Settings::isLoopback);
    String mode = properties.computeIfAbsent("sslmode", m -> near ? "prefer" : "verify-full");
    boolean system = "system".equals(properties.get("sslrootcert"));
    if (system) {
      properties.remove("sslrootcert");
    }
    boolean known = properties.containsKey("sslrootcert") || properties.containsKey("sslcert");
    if (system || (mode.startsWith("verify") && !known)) {
      // Without a file of its own the driver would want one in the home directory.
      properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  private static boolean isIpv6(String name) {
    return name.contains(":") && IPV6.matcher(name).matches();
  }
}
