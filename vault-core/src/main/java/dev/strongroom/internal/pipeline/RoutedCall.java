package dev.strongroom.internal.pipeline;

import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.PolicyExplanation;
import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.Router;
import dev.strongroom.internal.mount.Router.Destination;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.system.SystemCall;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.internal.token.TtlRules;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call on its way to a handler: where it leads, who makes it, with which parameters. For one
 * thread.
 */
final class RoutedCall implements SystemCall {
  private final Request request;
  private final Destination destination;
  private final Route route;
  private final Router router;
  private final Optional<Caller> caller;
  private final Transaction transaction;
  private final InstantSource clock;
  private final TtlRules vaultsTtls;
  private @Nullable Map<String, @Nullable Object> fields;
  private Operation operation;
  private boolean allTaken;
  private @Nullable Instant now;

  RoutedCall(
      Request request,
      Destination destination,
      Router router,
      Optional<Caller> caller,
      Transaction transaction,
      InstantSource clock,
      TtlRules vaultsTtls) {
    this.operation = request.operation();
    this.request = request;
    this.destination = destination;
    this.route = destination.route().orElseThrow();
    this.router = router;
    this.caller = caller;
    this.transaction = transaction;
    this.clock = clock;
    this.vaultsTtls = vaultsTtls;
  }

  /**
   * Makes this call ready for the route: for a handler of that operation, or to be asked whether a
   * write creates or updates. Only for callers who may be told what is wrong with their parameters.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if a declared parameter cannot be
   *     converted
   */
  RoutedCall as(Operation decided) {
    operation = decided;
    if (fields == null) {
      fields = request.payload().isEmpty() ? Map.of() : convert();
    }
    return this;
  }

  private Map<String, @Nullable Object> convert() {
    Map<String, @Nullable Object> given = request.payload().toMap();
    Map<String, @Nullable Object> converted = new HashMap<>();
    route.fields().forEach((name, field) -> {
      if (given.containsKey(name)
          && (field.type() != FieldType.DURATION || given.get(name) != null)) {
        try {
          converted.put(name, FieldConversion.convert(field.type(), given.get(name)));
        } catch (IllegalArgumentException e) {
          throw new VaultException(
              ErrorCode.INVALID_REQUEST,
              refusal() + "error converting input for field \"" + name + "\": " + e.getMessage());
        }
      }
    });
    return converted;
  }

  /** Where the test of existence meets it first, the reference says less. */
  private String refusal() {
    boolean tested = operation == Operation.UPDATE || operation == Operation.CREATE;
    return tested && route.existenceTest().isPresent() ? "" : "Field validation failed: ";
  }

  @Override
  public Operation operation() {
    return operation;
  }

  @Override
  public String captured(String name) {
    return destination.captured(name);
  }

  @Override
  public boolean has(String field) {
    requireDeclared(field);
    return converted().containsKey(field);
  }

  @Override
  public Optional<String> text(String field) {
    return Optional.ofNullable((String) value(field, FieldType.TEXT));
  }

  @Override
  public OptionalLong integer(String field) {
    Long number = (Long) value(field, FieldType.INTEGER);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  @Override
  public Optional<Boolean> flag(String field) {
    return Optional.ofNullable((Boolean) value(field, FieldType.FLAG));
  }

  @Override
  public Optional<Duration> duration(String field) {
    return Optional.ofNullable((Duration) value(field, FieldType.DURATION));
  }

  @Override
  public Optional<Payload> object(String field) {
    return Optional.ofNullable((Payload) value(field, FieldType.OBJECT));
  }

  @Override
  @SuppressWarnings("unchecked") // converted as declared
  public List<String> texts(String field) {
    FieldType declared = requireDeclared(field);
    List<String> texts =
        (List<String>) value(field, declared == FieldType.COMMA_TEXTS ? declared : FieldType.TEXTS);
    return texts == null ? List.of() : texts;
  }

  @Override
  @SuppressWarnings("unchecked") // converted as declared
  public List<Long> integers(String field) {
    List<Long> integers = (List<Long>) value(field, FieldType.INTEGERS);
    return integers == null ? List.of() : integers;
  }

  @Override
  @SuppressWarnings("unchecked") // converted as declared
  public Map<String, String> pairs(String field) {
    Map<String, String> pairs = (Map<String, String>) value(field, FieldType.PAIRS);
    return pairs == null ? Map.of() : pairs;
  }

  @Override
  public Payload payload() {
    allTaken = true;
    return request.payload();
  }

  Destination destination() {
    return destination;
  }

  /**
   * Returns whether the handler has looked at the parameters as a whole, so that it ignored none.
   */
  boolean tookAllParameters() {
    return allTaken;
  }

  @Override
  public Storage storage() {
    return transaction.in(destination.mounted().view());
  }

  @Override
  public Duration defaultLeaseTtl() {
    return ttls().defaultTtl();
  }

  @Override
  public Duration maxLeaseTtl() {
    return ttls().maxTtl();
  }

  private TtlRules ttls() {
    return vaultsTtls.of(destination.mounted().entry().settings());
  }

  @Override
  public String displayName() {
    return caller.map(known -> known.token().displayName()).orElse("");
  }

  @Override
  public void then(Supplier<Response> work) {
    transaction.then((Response dropped) -> CompleteAnswer.of(work.get(), this, request));
  }

  @Override
  public Optional<Origin> origin() {
    return request.origin();
  }

  @Override
  public void requireAllowed(Operation other, String path, Payload parameters) {
    CallerAccess access = new CallerAccess(caller.orElseThrow().acl(), router);
    if (!access.allows(other, wholePath(path), parameters)) {
      throw Acl.denied();
    }
  }

  private VaultPath wholePath(String path) {
    try {
      return VaultPath.parse(destination.mounted().entry().path() + path);
    } catch (IllegalArgumentException e) {
      throw new VaultException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void changed(Change.Kind kind, String path, OptionalInt version) {
    if (kind == Change.Kind.MISSED) {
      throw new IllegalArgumentException("an engine knows what it changed");
    }
    transaction.announce(new Change(destination.mounted().entry().path() + path, kind, version));
  }

  @Override
  public Instant now() {
    Instant known = now;
    if (known == null) {
      known = clock.instant();
      now = known;
    }
    return known;
  }

  @Override
  public Optional<Caller> identified() {
    return caller;
  }

  @Override
  public PolicyExplanation explain(Acl acl, Request asked, Optional<Duration> wrappingTtl) {
    return new CallerAccess(acl, router).explain(asked, wrappingTtl);
  }

  @Override
  public Transaction transaction() {
    return transaction;
  }

  @Override
  public Optional<Duration> wrapTtl() {
    return request.wrapTtl();
  }

  @Override
  public String requestPath() {
    return request.path().text();
  }

  private @Nullable Object value(String field, FieldType type) {
    FieldType declared = requireDeclared(field);
    if (declared != type) {
      throw new IllegalArgumentException("field " + field + " was declared as " + declared);
    }
    return converted().get(field);
  }

  private Map<String, @Nullable Object> converted() {
    return Objects.requireNonNull(fields, "fields");
  }

  private FieldType requireDeclared(String field) {
    Route.Field declared = route.fields().get(field);
    if (declared == null) {
      throw new IllegalArgumentException(
          "the route " + route.pattern() + " declares no field " + field);
    }
    return Objects.requireNonNull(declared.type());
  }
}
