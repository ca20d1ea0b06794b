package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.engine.ConnectionConfig.SecretDetails;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.template.UsernameTemplate;
import dev.strongroom.dbsecrets.internal.url.ConnectionUrl;
import dev.strongroom.dbsecrets.internal.url.JdbcTarget;
import dev.strongroom.dbsecrets.internal.url.TlsFiles;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code config} and {@code reset}: connections. Behaviour: OpenBao v2.6.2
 * {@code builtin/logical/database/path_config_connection.go}; what cannot work is refused here.
 */
final class ConfigPath {
  static final String PLUGIN = "postgresql-database-plugin";
  private static final String CREATING = "error creating database object: ";
  private static final int DEFAULT_OPEN = 4;
  private static final int MOST_OPEN = 100;
  private static final int MAX_TEXT = 1_024;
  private static final int MAX_DETAILS_BYTES = 64 * 1024;
  private static final String LITERAL_PASSWORD =
      "Password found in connection_url, use a templated url to enable root rotation and prevent read access to password information.";

  /** Said where somebody chose it; clients of the default expect an answer without a word. */
  private static final String PLAIN_PASSWORDS =
      "With password_authentication=password the log of the database server may hold the passwords of users; scram-sha-256 keeps them out of it.";

  /** Parameters that are no details of the connection. */
  private static final Set<String> OWN = Set.of(
      "name",
      "plugin_name",
      "plugin_version",
      "verify_connection",
      "allowed_roles",
      "root_rotation_statements",
      "password_policy",
      "password");

  /** What Vault has and this has not: to ignore them would connect otherwise than asked for. */
  private static final List<String> UNKNOWN =
      List.of("tls_ca", "tls_certificate", "private_key", "auth_type", "self_managed");

  private final MountContext context;
  private final Databases databases;
  private final RootRotation rotation;
  private final Claims claims;
  private final TlsFiles files;
  private final int most;

  ConfigPath(
      MountContext context,
      Databases databases,
      RootRotation rotation,
      Claims claims,
      TlsFiles files,
      int most) {
    this.context = context;
    this.databases = databases;
    this.rotation = rotation;
    this.claims = claims;
    this.files = files;
    this.most = most;
  }

  List<Route> routes() {
    return List.of(
        Route.at("config", "Connections.")
            .on(Operation.LIST, call -> Names.all(call, ConnectionConfig.KIND)),
        Route.at("config/{name}", "A connection to a database.")
            .field("plugin_name", FieldType.TEXT, PLUGIN + ".")
            .field("plugin_version", FieldType.TEXT, "Empty: there is one.")
            .field("verify_connection", FieldType.FLAG, "Whether to connect now; default true.")
            .field(
                "allowed_roles",
                FieldType.COMMA_TEXTS,
                "Roles that may have users there; * stands for any characters. Default: none.")
            .field(
                "root_rotation_statements",
                FieldType.TEXTS,
                "What changes the password of the vault's own user.")
            .field("password_policy", FieldType.TEXT, "How passwords are made.")
            .field(
                "connection_url",
                FieldType.TEXT,
                "postgresql://{{username}}:{{password}}@host:port/database, or key=value.")
            .field("username", FieldType.TEXT, "The vault's own user.")
            .field("password", FieldType.TEXT, "Of that user; never shown.")
            .field("max_open_connections", FieldType.INTEGER, "1 to 100; 0: 4; negative: 100.")
            .field(
                "max_idle_connections",
                FieldType.INTEGER,
                "Negative: connections that nobody needs are closed at once.")
            .field(
                "max_connection_lifetime",
                FieldType.DURATION,
                "When connections are replaced, 30 s or more; 0: never.")
            .field("disable_escaping", FieldType.FLAG, "Whether user and password are escaped.")
            .field("username_template", FieldType.TEXT, "How names of users are made.")
            .field("password_authentication", FieldType.TEXT, "password or scram-sha-256.")
            .exists(call ->
                call.storage().get(ConnectionConfig.KIND.at(Names.of(call))).isPresent())
            .on(Operation.READ, this::read)
            .on(Operation.UPDATE, this::write)
            .on(Operation.DELETE, this::delete),
        Route.at("reset/{name}", "Connects anew.").on(Operation.UPDATE, this::reset));
  }

  private Response read(Call call) {
    return ConnectionConfig.load(call.storage(), Names.of(call))
        .map(ConfigPath::shown)
        .orElse(Response.empty());
  }

  private static Response shown(ConnectionConfig config) {
    Map<String, Object> details = new LinkedHashMap<>(config.details().expose().toMap());
    details.put("connection_url", config.url().masked());
    return Response.of(Payload.of(Map.of(
        "plugin_name", config.pluginName(),
        "plugin_version", "",
        "allowed_roles", config.allowedRoles(),
        "root_credentials_rotate_statements", config.rootRotationStatements(),
        "password_policy", config.passwordPolicy(),
        "connection_details", details)));
  }

  /** Connecting takes its time, so what was read before is looked at again when it is stored. */
  private Response write(Call call) {
    String name = Names.of(call);
    Payload given = call.payload();
    Change change = new Change(call, given);
    Optional<ConnectionConfig> before = ConnectionConfig.load(call.storage(), name);
    ConnectionConfig wanted = change.applyTo(before.orElse(null), newVersion());
    boolean verify = call.flag("verify_connection").orElse(true);
    boolean rotating = pending(before).isPresent();
    if (rotating && change.touchesRoot() && !(change.givesPassword() && verify)) {
      throw RootRotation.settling();
    }
    call.then(() -> {
      if (verify) {
        verify(wanted, name);
      }
      if (rotating && change.touchesRoot()) {
        rotation.requireLost(name, before.orElseThrow());
      }
      context.write(storage -> {
        Optional<ConnectionConfig> now = ConnectionConfig.load(storage, name);
        if (change.touchesRoot() && !pending(now).equals(pending(before))) {
          throw RootRotation.settling();
        }
        if (now.isPresent() != before.isPresent()) { // others need other rights for that
          throw new VaultException(
              ErrorCode.CONFLICT, "the connection was made or deleted meanwhile; try again");
        }
        ConnectionConfig next = change.applyTo(now.orElse(null), wanted.version());
        if (change.touchesRoot() || now.isEmpty()) {
          Creations.oneByOne(storage);
        }
        if (now.isEmpty()) {
          Creations.requireRoom(storage, ConnectionConfig.KIND, "connections", most);
        }
        if (change.touchesRoot()) {
          claims.requireNoStaticRole(name, next);
        }
        next.store(storage, name);
        return true;
      });
      databases.forget(name);
      if (rotating) {
        context.tendSoon(); // it may go on with what was written
      }
      return warned(wanted, call.text("password_authentication"));
    });
    return Response.empty();
  }

  private static Response warned(ConnectionConfig written, Optional<String> authentication) {
    Response answer = Response.empty();
    if (written.url().hasLiteralPassword()) {
      answer = answer.withWarning(LITERAL_PASSWORD);
    }
    return authentication.isPresent() && !written.wantsVerifiers()
        ? answer.withWarning(PLAIN_PASSWORDS)
        : answer;
  }

  private static Optional<String> pending(Optional<ConnectionConfig> config) {
    return config.flatMap(ConnectionConfig::pending).map(SecretText::expose);
  }

  private void verify(ConnectionConfig config, String name) {
    try {
      databases.verify(config.target(name));
    } catch (OutsideException e) {
      throw Refusals.invalid(CREATING + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(CREATING + e.getMessage());
    }
  }

  private Response delete(Call call) {
    String name = Names.of(call);
    if (pending(ConnectionConfig.load(call.storage(), name)).isPresent()) {
      throw RootRotation.settling();
    }
    call.storage().delete(ConnectionConfig.KIND.at(name));
    call.then(() -> {
      databases.forget(name);
      return Response.empty();
    });
    return Response.empty();
  }

  private Response reset(Call call) {
    String name = Names.of(call);
    ConnectionConfig config = ConnectionConfig.require(call.storage(), name);
    call.then(() -> {
      databases.forget(name);
      try {
        databases.verify(config.target(name));
      } catch (OutsideException e) {
        throw Refusals.failed("", e);
      }
      return Response.empty();
    });
    return Response.empty();
  }

  private String newVersion() {
    byte[] bytes = new byte[16];
    context.random().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What a call wants changed; what it does not name stays. */
  private final class Change {
    private final Payload given;
    private final Optional<String> pluginName;
    private final Optional<List<String>> allowedRoles;
    private final Optional<List<String>> rootStatements;
    private final Optional<String> policy;
    private final Optional<Integer> maxOpen;
    private final Optional<Boolean> keepsIdle;
    private final Optional<Duration> maxLifetime;
    private final Optional<Boolean> escaped;
    private final Optional<String> password;

    Change(Call call, Payload given) {
      this.given = given;
      pluginName = call.text("plugin_name").filter(text -> !text.isEmpty());
      requireNoVersion(call.text("plugin_version").orElse(""));
      allowedRoles = given(call, "allowed_roles", call.texts("allowed_roles"));
      rootStatements = given(
          call, "root_rotation_statements", StatementLists.of(call, "root_rotation_statements"));
      policy = given(call, "password_policy", call.text("password_policy").orElse(""));
      maxOpen = given(call, "max_open_connections", maxOpen(call));
      keepsIdle = given(
          call, "max_idle_connections", call.integer("max_idle_connections").orElse(0) >= 0);
      maxLifetime = given(
          call,
          "max_connection_lifetime",
          lifetime(call.duration("max_connection_lifetime").orElse(Duration.ZERO)));
      escaped = given(call, "disable_escaping", call.flag("disable_escaping").orElse(false));
      password = given(call, "password", call.text("password").orElse(""));
      requireKnown();
    }

    /** Whether it says how the vault logs in. */
    boolean touchesRoot() {
      return password.isPresent()
          || escaped.isPresent()
          || given.has("username")
          || given.has("connection_url");
    }

    boolean givesPassword() {
      return password.isPresent();
    }

    private <T> Optional<T> given(Call call, String field, T value) {
      return call.has(field) ? Optional.of(value) : Optional.empty();
    }

    private static void requireNoVersion(String version) {
      if (!version.isEmpty()) {
        throw Refusals.invalid("plugin_version is empty: there is one version, that of the vault");
      }
    }

    private static int maxOpen(Call call) {
      long asked = call.integer("max_open_connections").orElse(0);
      if (asked > MOST_OPEN) {
        throw Refusals.invalid("max_open_connections is at most " + MOST_OPEN);
      }
      return asked == 0 ? DEFAULT_OPEN : asked < 0 ? MOST_OPEN : (int) asked;
    }

    private static Duration lifetime(Duration asked) {
      if (asked.compareTo(Duration.ofDays(365)) > 0) {
        throw Refusals.invalid("max_connection_lifetime is at most 365 days");
      }
      return asked.isNegative() ? Duration.ZERO : asked;
    }

    private void requireKnown() {
      for (String name : UNKNOWN) {
        Object value = given.get(name).orElse(false);
        if (!value.equals(false) && !value.equals("")) {
          throw Refusals.invalid(
              name
                  + " is not supported; TLS is set in connection_url: sslmode, sslrootcert, sslcert, sslkey");
        }
      }
    }

    /**
     * Returns what is to be stored.
     *
     * @param before null if there is none
     */
    ConnectionConfig applyTo(@Nullable ConnectionConfig before, String version) {
      if (pluginName.isEmpty() && before == null) {
        throw Refusals.invalid("empty plugin name");
      }
      String plugin = pluginName.orElseGet(() -> before == null ? "" : before.pluginName());
      if (!plugin.equals(PLUGIN)) {
        String line = "\n\t* plugin not found in the catalog: "
            + Refusals.limited("plugin_name", plugin, MAX_TEXT);
        throw Refusals.invalid(
            CREATING + "invalid database version: 2 errors occurred:" + line + line + "\n\n");
      }
      Optional<ConnectionConfig> old = Optional.ofNullable(before);
      ConnectionConfig wanted = new ConnectionConfig(
          version,
          plugin,
          allowedRoles.orElseGet(() -> old.map(ConnectionConfig::allowedRoles).orElse(List.of())),
          rootStatements.orElseGet(
              () -> old.map(ConnectionConfig::rootRotationStatements).orElse(List.of())),
          policy.orElseGet(() -> old.map(ConnectionConfig::passwordPolicy).orElse("")),
          details(old),
          maxOpen.orElseGet(() -> old.map(ConnectionConfig::maxOpen).orElse(DEFAULT_OPEN)),
          keepsIdle.orElseGet(() -> old.map(ConnectionConfig::keepsIdle).orElse(true)),
          maxLifetime.orElseGet(() -> old.map(ConnectionConfig::maxLifetime).orElse(Duration.ZERO)),
          escaped.orElseGet(() -> old.map(ConnectionConfig::escaped).orElse(false)),
          password.map(SecretText::new).orElseGet(() -> old.map(ConnectionConfig::password)
              .orElse(new SecretText(""))),
          password.isPresent() ? Optional.empty() : old.flatMap(ConnectionConfig::pending));
      requireUsable(wanted);
      old.ifPresent(config -> requireSameServer(config, wanted));
      return wanted;
    }

    /** Whoever may write a connection must not learn its password by having it sent elsewhere. */
    private void requireSameServer(ConnectionConfig old, ConnectionConfig wanted) {
      boolean sendsOld = password.isEmpty()
          && !old.password().expose().isEmpty()
          && !wanted.url().hasLiteralPassword();
      if (sendsOld
          && !old.target("old").address().leadsWhere(wanted.target("new").address())) {
        throw Refusals.invalid(
            "this changes where the password is sent, or how, or whose it is: give password, too");
      }
    }

    private SecretDetails details(Optional<ConnectionConfig> old) {
      Map<String, Object> members = new LinkedHashMap<>();
      old.ifPresent(config -> members.putAll(config.details().expose().toMap()));
      given.toMap().forEach((name, value) -> {
        if (!OWN.contains(name) && value != null) {
          members.put(name, value);
        }
      });
      Payload details = Payload.of(members);
      if (details.toJson().length > MAX_DETAILS_BYTES) {
        throw Refusals.invalid(
            "the parameters of a connection take at most " + MAX_DETAILS_BYTES + " bytes");
      }
      return new SecretDetails(details);
    }

    private void requireUsable(ConnectionConfig wanted) {
      Refusals.limited("password_policy", wanted.passwordPolicy(), MAX_TEXT);
      Refusals.limited("username", wanted.username(), MAX_TEXT);
      Refusals.limited("password", wanted.password().expose(), MAX_TEXT);
      Refusals.limited("allowed_roles", String.join(",", wanted.allowedRoles()), MAX_DETAILS_BYTES);
      try {
        ConnectionUrl url = wanted.url();
        requireNoTemplate(wanted.username());
        requireNoTemplate(wanted.password().expose());
        JdbcTarget unused = files.located(
            url.resolve(wanted.username(), wanted.password().expose(), wanted.escaped()));
        UsernameTemplate.parse(
            wanted.details().text("username_template"), context.random(), context.now());
        requireAuthentication(wanted.details().text("password_authentication"));
      } catch (IllegalArgumentException e) {
        throw Refusals.invalid(CREATING + e.getMessage());
      }
      try {
        wanted.rootStatements();
      } catch (IllegalArgumentException e) {
        throw Refusals.invalid("root_rotation_statements: " + e.getMessage());
      }
    }

    private static void requireNoTemplate(String value) {
      if (value.contains("{{username}}") || value.contains("{{password}}")) {
        throw new IllegalArgumentException(
            "username and/or password cannot contain the template variables");
      }
    }

    private static void requireAuthentication(String kind) {
      if (!kind.isEmpty() && !kind.equals("password") && !kind.equals(ConnectionConfig.SCRAM)) {
        throw new IllegalArgumentException(
            "'" + Refusals.limited("password_authentication", kind, MAX_TEXT)
                + "' is not a valid password authentication type");
      }
    }
  }

  /** Returns a configuration that may be used for a role, as the reference checks it. */
  static ConnectionConfig requireAllowing(Storage storage, String name, String role) {
    ConnectionConfig config = ConnectionConfig.require(storage, name);
    if (!config.allows(role)) {
      throw Refusals.notAllowed(role);
    }
    return config;
  }
}
