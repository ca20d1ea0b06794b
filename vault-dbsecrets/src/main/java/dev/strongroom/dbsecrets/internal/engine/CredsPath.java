package dev.strongroom.dbsecrets.internal.engine;

import dev.strongroom.VaultException;
import dev.strongroom.dbsecrets.internal.postgres.Creation;
import dev.strongroom.dbsecrets.internal.postgres.Databases;
import dev.strongroom.dbsecrets.internal.postgres.Dropping;
import dev.strongroom.dbsecrets.internal.postgres.Target;
import dev.strongroom.dbsecrets.internal.sql.StatementKind;
import dev.strongroom.dbsecrets.internal.sql.StatementValues;
import dev.strongroom.dbsecrets.internal.sql.Statements;
import dev.strongroom.dbsecrets.internal.template.UsernameTemplate;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code creds}: a user for each caller. Behaviour: OpenBao v2.6.2
 * {@code builtin/logical/database/path_creds_create.go} and {@code secret_creds.go}; but a lease
 * keeps what it takes to drop its user, whatever becomes of its role.
 */
final class CredsPath implements OutsideSecret {
  /** A password that outlives its lease a little, rather than the other way round. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final MountContext context;
  private final Databases databases;
  private final Passwords passwords;

  CredsPath(MountContext context, Databases databases, Passwords passwords) {
    this.context = context;
    this.databases = databases;
    this.passwords = passwords;
  }

  List<Route> routes() {
    return List.of(Route.at("creds/{name}", "A user of a database, made for the caller.")
        .onSecret(Operation.READ, this));
  }

  @Override
  public String kind() {
    return "user";
  }

  @Override
  public Plan plan(Call call) {
    String name = Names.of(call);
    RoleRecord role = call.storage()
        .get(RoleRecord.KIND.at(name))
        .orElseThrow(() -> Refusals.invalid("unknown role: " + name));
    ConnectionConfig config = ConfigPath.requireAllowing(call.storage(), role.database(), name);
    if (role.credentials().type() != CredentialType.PASSWORD) {
      throw Refusals.invalid(role.credentials().type().unsupported());
    }
    passwords.requirePolicy(role.credentials().policy(config));
    if (creation(role).isEmpty()) {
      throw Refusals.failed("empty creation statements");
    }
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("role", name);
    content.put("db_name", role.database());
    content.put("address", config.target(role.database()).address().url());
    content.put("username", username(config, call, name));
    content.put("mark", newMark());
    content.put("revocation_statements", role.revocation());
    role.sessionGrace().ifPresent(grace -> content.put("session_grace", grace.toSeconds()));
    return new Plan(Payload.of(content), terms(role));
  }

  private String newMark() {
    byte[] bytes = new byte[16];
    context.random().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static Terms terms(RoleRecord role) {
    return new Terms(role.defaultTtl(), role.maxTtl(), /* renewable= */ true);
  }

  private String username(ConnectionConfig config, Call call, String role) {
    try {
      return UsernameTemplate.parse(
              config.details().text("username_template"), context.random(), context.now())
          .name(call.displayName(), role, context.random(), call.now());
    } catch (IllegalArgumentException e) {
      throw Refusals.failed(String.valueOf(e.getMessage()));
    }
  }

  private static Statements creation(RoleRecord role) {
    return Statements.parse(StatementKind.CREATION, role.creation());
  }

  /** One connection that leads nowhere does not keep users of the others alive. */
  @Override
  public String place(Payload plan) {
    return database(plan);
  }

  @Override
  public Payload create(Payload plan, Instant until, Instant deadline) throws OutsideException {
    ConnectionConfig config = config(plan);
    RoleRecord role =
        role(plan).orElseThrow(() -> notAsked("the role was deleted meanwhile", null));
    Target target = target(plan, config);
    if (!isWhereItWasPlanned(plan, target)) {
      throw notAsked(
          "the connection \"" + database(plan) + "\" leads elsewhere since this was asked for",
          null);
    }
    Statements statements = creation(role);
    try (Passwords.Made password = passwords.make(role.credentials().policy(config), config)) {
      StatementValues values = StatementValues.of(username(plan))
          .withPassword(password.inStatements())
          .withExpiration(until.plus(MARGIN));
      databases.create(
          target,
          new Creation(
              username(plan),
              mark(plan),
              fill(statements, values),
              statements.namesUser(),
              deadline,
              password.secrets()));
      return Payload.of(Map.of("username", username(plan), "password", password.text()));
    } catch (VaultException e) { // a policy that cannot be kept
      throw notAsked("failed to generate password: " + e.getMessage(), e);
    }
  }

  @Override
  public Terms termsNow(Payload plan, Terms planned) {
    String name = plan.text("role").orElseThrow();
    return role(plan)
        .map(CredsPath::terms)
        .orElseThrow(() ->
            Refusals.invalid("error during renew: could not find role with name \"" + name + "\""));
  }

  @Override
  public void renew(Payload plan, Instant until) throws OutsideException {
    ConnectionConfig config = config(plan);
    List<String> given = role(plan).map(RoleRecord::renew).orElse(List.of());
    StatementValues values = StatementValues.of(username(plan)).withExpiration(until.plus(MARGIN));
    databases.change(
        target(plan, config),
        fill(Statements.parse(StatementKind.RENEW, given).orDefault(), values),
        List.of());
  }

  @Override
  public void revoke(Payload plan) throws OutsideException {
    drop(plan, dropping -> dropping.markedWith(mark(plan)));
  }

  private void drop(Payload plan, UnaryOperator<Dropping> change) throws OutsideException {
    ConnectionConfig config = config(plan);
    Optional<RoleRecord> role = role(plan);
    List<String> given =
        role.map(RoleRecord::revocation).orElseGet(() -> plan.texts("revocation_statements"));
    Optional<Duration> grace = role.isPresent()
        ? role.get().sessionGrace()
        : plan.number("session_grace").map(Number::longValue).map(Duration::ofSeconds);
    Statements statements = Statements.parse(StatementKind.REVOCATION, given);
    Target target = target(plan, config);
    boolean found = databases.drop(
        target,
        change.apply(new Dropping(
            username(plan),
            statements.isEmpty() ? List.of() : fill(statements, StatementValues.of(username(plan))),
            grace)));
    if (!found && !isWhereItWasPlanned(plan, target)) {
      throw new OutsideException(
          Kind.RETRYABLE,
          "the user is not there, but it was made at another address than the connection \""
              + database(plan) + "\" has now");
    }
  }

  private static boolean isWhereItWasPlanned(Payload plan, Target target) {
    return target.address().url().equals(plan.text("address").orElseThrow());
  }

  /** Somebody else's user of the same name stays. */
  @Override
  public void undo(Payload plan, Instant deadline) throws OutsideException {
    boolean over = !context.now().isBefore(deadline);
    // Asked first: whoever was in time by this clock is seen, or waited for, afterwards.
    boolean late = over && databases.clock(target(plan, config(plan))).isBefore(deadline);
    drop(plan, dropping -> dropping.onlyIfMarked(mark(plan)));
    if (late) {
      throw notAsked("the database's clock is behind: it may still make the user", null);
    }
  }

  private ConnectionConfig config(Payload plan) throws OutsideException {
    String name = database(plan);
    return context
        .read(storage -> ConnectionConfig.load(storage, name))
        .orElseThrow(() -> notAsked(Refusals.noConfig(name).getMessage(), null));
  }

  private static OutsideException notAsked(@Nullable String text, @Nullable Throwable cause) {
    return new OutsideException(Kind.UNREACHABLE, String.valueOf(text), cause);
  }

  private Optional<RoleRecord> role(Payload plan) {
    return context.read(
        storage -> storage.get(RoleRecord.KIND.at(plan.text("role").orElseThrow())));
  }

  private static Target target(Payload plan, ConnectionConfig config) {
    return config.target(database(plan));
  }

  private static String database(Payload plan) {
    return plan.text("db_name").orElseThrow();
  }

  private static String mark(Payload plan) {
    return plan.text("mark").orElseThrow();
  }

  private static String username(Payload plan) {
    return plan.text("username").orElseThrow();
  }

  /** Values that cannot stand where their placeholder does never will. */
  private static List<String> fill(Statements statements, StatementValues values)
      throws OutsideException {
    try {
      return statements.fill(values);
    } catch (IllegalArgumentException e) {
      throw new OutsideException(Kind.UNRECOVERABLE, String.valueOf(e.getMessage()), e);
    }
  }
}
