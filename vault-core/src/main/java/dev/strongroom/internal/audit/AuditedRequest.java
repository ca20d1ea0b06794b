package dev.strongroom.internal.audit;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.barrier.Barrier;
import dev.strongroom.internal.mount.MountEntry;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its two records. Whoever executes it says what it learns: where the
 * request leads, who makes it, what was decided; {@link #allowed} is the last word before the work,
 * and {@link #answered} the last before the caller sees anything. For one thread.
 */
public final class AuditedRequest implements AutoCloseable {
  private final @Nullable AuditBroker broker;
  private final boolean refused;
  private final boolean host;
  private final @Nullable UUID id;
  private final @Nullable Request request;
  private final @Nullable ClientToken token;
  private AuditedHeaders headers = AuditedHeaders.NONE;
  private @Nullable Caller caller;
  private @Nullable MountEntry mount;
  private @Nullable Operation operation;
  private @Nullable Boolean decision;
  private List<String> grantedBy = List.of();
  private @Nullable List<String> identityPolicies;

  // What both records say, in the words of each device, until something else is learned.
  private @Nullable Map<EntryFormat, byte[]> known;

  private boolean requestRecorded;
  private boolean executed;
  private Runnable undo = () -> {};
  private boolean ended;

  /** What nobody wants a record of, because there is no device. */
  static AuditedRequest unrecorded() {
    return new AuditedRequest(null, false, false, null, null, null);
  }

  /** What came while the vault was being sealed: nothing is done any more. */
  static AuditedRequest refused() {
    return new AuditedRequest(null, true, false, null, null, null);
  }

  /** A request that is to be recorded; one of the host has no token. */
  static AuditedRequest of(
      AuditBroker broker, UUID id, Request request, @Nullable ClientToken token, boolean host) {
    return new AuditedRequest(broker, false, host, id, request, token);
  }

  private AuditedRequest(
      @Nullable AuditBroker broker,
      boolean refused,
      boolean host,
      @Nullable UUID id,
      @Nullable Request request,
      @Nullable ClientToken token) {
    this.broker = broker;
    this.refused = refused;
    this.host = host;
    this.id = id;
    this.request = request;
    this.token = token;
  }

  /** Returns the id that both records have; empty where there are none. */
  public Optional<UUID> requestId() {
    return Optional.ofNullable(id);
  }

  /** Notes who makes the request. */
  public void by(Caller found) {
    caller = found;
    known = null;
  }

  /** Notes the mount that the request leads to. */
  public void to(MountEntry found) {
    mount = found;
    known = null;
  }

  /** Notes that policies do not allow the request, or have not been asked yet. */
  public void denied() {
    decision = false;
    grantedBy = List.of();
    known = null;
  }

  /**
   * Records the request: from here on it is executed. Called again for work that runs again, it
   * does nothing.
   *
   * @param decided what it does
   * @param policies that allow it, in their order; none where it needs none
   * @throws VaultException with code {@code AUDIT_FAILED} if no device took the record: the request
   *     must not be executed
   */
  public void allowed(Operation decided, Supplier<List<String>> policies) {
    if (refused) {
      throw Barrier.sealed();
    }
    operation = decided;
    if (broker == null) {
      executed = true;
      return;
    }
    decision = caller == null ? null : Boolean.TRUE;
    grantedBy = policies.get();
    known = null;
    if (!requestRecorded) {
      requestRecorded = broker.recordRequest(this, null);
      if (!requestRecorded) {
        throw failed();
      }
    }
    executed = true;
  }

  /** Tells where the request led and what it did, if it has been executed. */
  public void ifExecuted(BiConsumer<String, Operation> told) {
    if (executed && mount != null && operation != null) {
      told.accept(mount.path(), operation);
    }
  }

  /**
   * Says what is to be undone if the caller gets a failure after all: what nobody can use must not
   * stay. Must not fail.
   */
  public void undoIfUnseen(Runnable work) {
    undo = work;
  }

  /**
   * Records the response and returns what the caller may see: the response, or a failure if no
   * device took the record. What was done stays done, but for {@link #undoIfUnseen}.
   */
  public Response answered(Response response) {
    Response seen = recorded(response);
    if (seen.isFailure()) {
      undo.run();
    }
    return seen;
  }

  private Response recorded(Response response) {
    if (refused) {
      return Response.failure(Barrier.sealed());
    }
    if (broker == null) {
      return response;
    }
    if (!requestRecorded) { // refused before it was executed: its response decides
      requestRecorded = broker.recordRequest(this, response);
    }
    return broker.recordResponse(this, response)
        ? response.withRequestId(Objects.requireNonNull(id))
        : Response.failure(failed());
  }

  private static VaultException failed() {
    return new VaultException(ErrorCode.AUDIT_FAILED, "internal error");
  }

  /** Lets the trail be closed. */
  @Override
  public void close() {
    if (broker != null && !ended) {
      ended = true;
      broker.ended();
    }
  }

  void show(AuditedHeaders audited) {
    headers = audited;
    known = null;
  }

  /** Returns the members that say what is known, made once for each device. */
  byte[] asKnown(EntryFormat format) {
    Map<EntryFormat, byte[]> texts = known;
    if (texts == null) {
      texts = new HashMap<>();
      known = texts;
    }
    return texts.computeIfAbsent(format, device -> device.both(this));
  }

  boolean isHost() {
    return host;
  }

  String id() {
    return String.valueOf(id);
  }

  Request request() {
    return Objects.requireNonNull(request);
  }

  @Nullable
  ClientToken token() {
    return token;
  }

  @Nullable
  Caller caller() {
    return caller;
  }

  @Nullable
  MountEntry mount() {
    return mount;
  }

  Operation operation() {
    Operation decided = operation;
    return decided == null ? request().operation() : decided;
  }

  /** Returns what policies decided; null where they were not asked. */
  @Nullable
  Boolean decision() {
    return decision;
  }

  List<String> grantedBy() {
    return grantedBy;
  }

  AuditedHeaders headers() {
    return headers;
  }

  /** Returns the names of all policies of a caller, sorted. */
  List<String> policies(Caller of) {
    return Stream.concat(of.token().policies().stream(), identityPolicies(of).stream())
        .distinct()
        .sorted()
        .toList();
  }

  List<String> identityPolicies(Caller of) {
    List<String> found = identityPolicies;
    if (found == null) {
      found = of.token()
          .entityId()
          .map(id -> Objects.requireNonNull(broker).policiesOfEntity(id))
          .orElse(List.of());
      identityPolicies = found;
    }
    return found;
  }
}
