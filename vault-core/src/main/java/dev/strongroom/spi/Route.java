package dev.strongroom.spi;

import dev.strongroom.request.Operation;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A family of paths of an engine: what it is for, which parameters it takes, which operations it
 * answers, and what the vault must know before it decides. Immutable: every method returns a new
 * route.
 *
 * <p>A pattern is written relative to the mount. {@code {name}} stands for one segment,
 * {@code {name...}} for any number of them, also none; at most one of the latter.
 * {@code data/{key...}} matches {@code data/} and {@code data/a/b}, but not {@code data}.
 */
public final class Route {
  private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9_-]+)(\\.\\.\\.)?}");

  private final String pattern;
  private final String help;
  private final Map<String, Field> fields;
  private final Map<Operation, Handler> handlers;
  private final Map<Operation, OutsideSecret> secrets;
  private final @Nullable Predicate<Call> exists;
  private final boolean open;
  private final boolean sudo;
  private final @Nullable LoginHandler login;

  /** A declared parameter. */
  public record Field(FieldType type, String help) {
    public Field {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(help, "help");
    }
  }

  private Route(
      String pattern,
      String help,
      Map<String, Field> fields,
      Map<Operation, Handler> handlers,
      Map<Operation, OutsideSecret> secrets,
      @Nullable Predicate<Call> exists,
      boolean open,
      boolean sudo,
      @Nullable LoginHandler login) {
    this.pattern = pattern;
    this.help = help;
    this.fields = fields;
    this.handlers = handlers;
    this.secrets = secrets;
    this.exists = exists;
    this.open = open;
    this.sudo = sudo;
    this.login = login;
  }

  /**
   * Begins a route without fields and handlers.
   *
   * @throws IllegalArgumentException if the pattern is not one, or uses a name twice
   */
  public static Route at(String pattern, String help) {
    requirePattern(pattern);
    return new Route(pattern, help, Map.of(), Map.of(), Map.of(), null, false, false, null);
  }

  /**
   * Declares a parameter: the vault checks and converts it before a handler sees it. Names not
   * declared are ignored, with a warning where the answer is not empty.
   */
  public Route field(String name, FieldType type, String help) {
    Map<String, Field> all = new LinkedHashMap<>(fields);
    if (all.put(name, new Field(type, help)) != null) {
      throw new IllegalArgumentException("field " + name + " is declared twice");
    }
    return new Route(
        pattern,
        this.help,
        Collections.unmodifiableMap(all),
        handlers,
        secrets,
        exists,
        open,
        sudo,
        login);
  }

  /** Answers an operation. {@code UPDATE} answers {@code CREATE} too. */
  public Route on(Operation operation, Handler handler) {
    Map<Operation, Handler> all = new EnumMap<>(Operation.class);
    all.putAll(handlers);
    if (all.put(operation, handler) != null || secrets.containsKey(operation)) {
      throw new IllegalArgumentException(operation + " is answered twice");
    }
    return new Route(pattern, help, fields, all, secrets, exists, open, sudo, login);
  }

  /**
   * Answers an operation with a secret that is made outside the vault and ends with its lease. Not
   * for routes without a token: a lease belongs to one.
   */
  public Route onSecret(Operation operation, OutsideSecret secret) {
    Map<Operation, OutsideSecret> all = new EnumMap<>(Operation.class);
    all.putAll(secrets);
    if (all.put(operation, secret) != null || handlers.containsKey(operation)) {
      throw new IllegalArgumentException(operation + " is answered twice");
    }
    requireToken(open, all);
    return new Route(pattern, help, fields, handlers, all, exists, open, sudo, login);
  }

  /**
   * Tells creating from updating: a write needs the capability {@code create} where {@code test} is
   * false and {@code update} where it is true. Without a test every write is an update. The test
   * only reads, and only for callers who may do one of the two.
   */
  public Route exists(Predicate<Call> test) {
    return new Route(pattern, help, fields, handlers, secrets, test, open, sudo, login);
  }

  /**
   * Lets {@code check} look at every call before a handler or the test of existence does; a
   * {@code VaultException} of it becomes the answer. Not for secrets, whose plan looks by itself.
   */
  public Route before(Consumer<Call> check) {
    Map<Operation, Handler> checked = new EnumMap<>(Operation.class);
    handlers.forEach((operation, handler) -> checked.put(operation, call -> {
      check.accept(call);
      return handler.handle(call);
    }));
    Predicate<Call> test = exists;
    Predicate<Call> checkedTest = test == null
        ? null
        : call -> {
          check.accept(call);
          return test.test(call);
        };
    return new Route(pattern, help, fields, checked, secrets, checkedTest, open, sudo, login);
  }

  /** Opens the route to everybody: no token, no policy. For logins and status. */
  public Route withoutToken() {
    requireToken(/* open= */ true, secrets);
    return new Route(pattern, help, fields, handlers, secrets, exists, true, sudo, login);
  }

  /**
   * Makes writes to this route logins: open to everybody, and answered with a token. Only routes of
   * an {@link AuthMethod} can be logins.
   */
  public Route onLogin(LoginHandler handler) {
    if (!handlers.isEmpty() || !secrets.isEmpty() || login != null) {
      throw new IllegalArgumentException("a login answers nothing else");
    }
    return new Route(
        pattern,
        help,
        fields,
        Map.of(),
        Map.of(),
        null,
        /* open= */ true,
        /* sudo= */ false,
        handler);
  }

  /** Demands the capability {@code sudo} besides the operation's own. */
  public Route sudo() {
    return new Route(pattern, help, fields, handlers, secrets, exists, open, true, login);
  }

  public String pattern() {
    return pattern;
  }

  public String help() {
    return help;
  }

  public Map<String, Field> fields() {
    return fields;
  }

  /** Returns who answers the operation, if anybody does. */
  public Optional<Handler> handler(Operation operation) {
    Handler handler = handlers.get(operation);
    return Optional.ofNullable(
        handler == null && operation == Operation.CREATE
            ? handlers.get(Operation.UPDATE)
            : handler);
  }

  /** Returns whether anything answers the operation; a login is a write. */
  public boolean answers(Operation operation) {
    boolean write = operation == Operation.CREATE || operation == Operation.UPDATE;
    return handler(operation).isPresent()
        || secret(operation).isPresent()
        || (write && login != null);
  }

  /** Returns who answers a login, if this route is one. */
  public Optional<LoginHandler> login() {
    return Optional.ofNullable(login);
  }

  /** Returns the secret that answers the operation, if one does. */
  public Optional<OutsideSecret> secret(Operation operation) {
    OutsideSecret secret = secrets.get(operation);
    return Optional.ofNullable(
        secret == null && operation == Operation.CREATE ? secrets.get(Operation.UPDATE) : secret);
  }

  /** Returns every secret that answers an operation. */
  public Collection<OutsideSecret> secrets() {
    return Collections.unmodifiableCollection(secrets.values());
  }

  /** Returns the test that tells creating from updating, if there is one. */
  public Optional<Predicate<Call>> existenceTest() {
    return Optional.ofNullable(exists);
  }

  public boolean isOpen() {
    return open;
  }

  public boolean needsSudo() {
    return sudo;
  }

  private static void requireToken(boolean open, Map<Operation, OutsideSecret> secrets) {
    if (open && !secrets.isEmpty()) {
      throw new IllegalArgumentException("a secret with a lease belongs to a token");
    }
  }

  private static void requirePattern(String pattern) {
    Set<String> names = new HashSet<>();
    boolean open = false;
    for (String segment : pattern.split("/", -1)) {
      Matcher name = NAME.matcher(segment);
      if (name.matches()) {
        boolean any = name.group(2) != null;
        if (!names.add(name.group(1)) || (any && open)) {
          throw new IllegalArgumentException(
              "names are unique, and at most one stands for any number of segments: " + pattern);
        }
        open |= any;
      } else if (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0) {
        throw new IllegalArgumentException(
            "a segment is text, {name} or {name...}, but got " + segment + " in " + pattern);
      }
    }
  }

  @Override
  public String toString() {
    return "Route[" + pattern + "]";
  }
}
