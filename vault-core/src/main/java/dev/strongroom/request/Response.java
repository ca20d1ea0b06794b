package dev.strongroom.request;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request: data, an issued token, nothing, or a failure. A failure is a value here,
 * not an exception, because some carry data (the metadata of a deleted version) and all of them
 * must reach the audit; {@link #orThrow()} makes it an exception. Immutable.
 */
public final class Response {
  private static final Response EMPTY = success(null, null);
  private static final Response ACCEPTED =
      new Response(null, List.of(), null, null, null, List.of(), Duration.ZERO, true, null, null);

  private static final Response DENIED_BY_POLICY = new Response(
      failure(ErrorCode.PERMISSION_DENIED, "permission denied"), null, /* deniedByPolicy= */ true);

  private final @Nullable ErrorCode failure;
  private final List<String> errors;
  private final @Nullable Payload data;
  private final @Nullable Auth auth;
  private final @Nullable Lease lease;
  private final List<String> warnings;
  private final Duration leaseDuration;
  private final boolean accepted;
  private final @Nullable String accessor;
  private final @Nullable WrapInfo wrapInfo;
  private final boolean deniedByPolicy;
  private final @Nullable UUID requestId;

  private Response(
      @Nullable ErrorCode failure,
      List<String> errors,
      @Nullable Payload data,
      @Nullable Auth auth,
      @Nullable Lease lease,
      List<String> warnings,
      Duration leaseDuration,
      boolean accepted,
      @Nullable String accessor,
      @Nullable WrapInfo wrapInfo) {
    this.failure = failure;
    this.errors = errors;
    this.data = data;
    this.auth = auth;
    this.lease = lease;
    this.warnings = warnings;
    this.leaseDuration = leaseDuration;
    this.accepted = accepted;
    this.accessor = accessor;
    this.wrapInfo = wrapInfo;
    this.requestId = null;
    this.deniedByPolicy = false;
  }

  private Response(Response other, @Nullable UUID requestId, boolean deniedByPolicy) {
    this.failure = other.failure;
    this.errors = other.errors;
    this.data = other.data;
    this.auth = other.auth;
    this.lease = other.lease;
    this.warnings = other.warnings;
    this.leaseDuration = other.leaseDuration;
    this.accepted = other.accepted;
    this.accessor = other.accessor;
    this.wrapInfo = other.wrapInfo;
    this.requestId = requestId;
    this.deniedByPolicy = deniedByPolicy;
  }

  private static Response success(@Nullable Payload data, @Nullable Auth auth) {
    return new Response(
        null, List.of(), data, auth, null, List.of(), Duration.ZERO, false, null, null);
  }

  private static Response failed(ErrorCode code, List<String> errors, @Nullable Payload data) {
    return new Response(
        code, errors, data, null, null, List.of(), Duration.ZERO, false, null, null);
  }

  /** Success with data. */
  public static Response of(Payload data) {
    return success(data, null);
  }

  /** Success with a token for the caller. */
  public static Response of(Auth auth) {
    return success(null, auth);
  }

  /** Success whose content waits behind a wrapping token. */
  public static Response of(WrapInfo wrapInfo) {
    Objects.requireNonNull(wrapInfo, "wrapInfo");
    return new Response(
        null, List.of(), null, null, null, List.of(), Duration.ZERO, false, null, wrapInfo);
  }

  /** Success with nothing to say. For a read or list the vault makes it {@link #notFound()}. */
  public static Response empty() {
    return EMPTY;
  }

  /** Success that goes on behind the requests: what HTTP calls 202. */
  public static Response accepted() {
    return ACCEPTED;
  }

  /** Nothing at that path, without a word. */
  public static Response notFound() {
    return failure(ErrorCode.NOT_FOUND);
  }

  /** Failure with texts for the caller, which must not hold what the caller may not know. */
  public static Response failure(ErrorCode code, String... errors) {
    return failed(code, List.of(errors), null);
  }

  /**
   * The vault's own denial of a caller whose token is valid, but whose policies do not grant what
   * it asks for. In the words of every other denial; who serves a vault may tell them apart,
   * because clients of the Vault API can.
   */
  public static Response deniedByPolicy() {
    return DENIED_BY_POLICY;
  }

  /** Failure that carries data. */
  public static Response failure(ErrorCode code, Payload data) {
    return failed(code, List.of(), data);
  }

  /** The failure that {@code e} stands for. */
  public static Response failure(VaultException e) {
    return failure(e.code(), String.valueOf(e.getMessage()));
  }

  /** Returns this response with one more warning. */
  public Response withWarning(String warning) {
    List<String> all = new ArrayList<>(warnings);
    all.add(warning);
    return new Response(
        failure,
        errors,
        data,
        auth,
        lease,
        List.copyOf(all),
        leaseDuration,
        accepted,
        accessor,
        wrapInfo);
  }

  /** Returns this response, which tells how long its data are good for. */
  public Response withLeaseDuration(Duration duration) {
    return new Response(
        failure, errors, data, auth, lease, warnings, duration, accepted, accessor, wrapInfo);
  }

  /** Returns this response, whose data end with a lease. */
  public Response withLease(Lease granted) {
    return new Response(
        failure,
        errors,
        data,
        auth,
        granted,
        warnings,
        granted.duration(),
        accepted,
        accessor,
        wrapInfo);
  }

  /**
   * Returns this response, whose data an accessor names without giving them away, such as that of a
   * secret id. Where the response is wrapped, it is told beside the wrapping token.
   */
  public Response withAccessor(String named) {
    return new Response(
        failure,
        errors,
        data,
        auth,
        lease,
        warnings,
        leaseDuration,
        accepted,
        Objects.requireNonNull(named, "named"),
        wrapInfo);
  }

  /** Returns this response as the one to a request of that id; the last thing the vault does. */
  public Response withRequestId(UUID id) {
    return new Response(this, Objects.requireNonNull(id, "id"), deniedByPolicy);
  }

  /**
   * Returns under which id the audit trail has the request; empty where nothing is audited, and a
   * server that shows an id makes one.
   */
  public Optional<UUID> requestId() {
    return Optional.ofNullable(requestId);
  }

  /** Returns what went wrong, empty for a success. */
  public Optional<ErrorCode> failure() {
    return Optional.ofNullable(failure);
  }

  public boolean isFailure() {
    return failure != null;
  }

  /** Returns whether there is neither data, token, warning nor failure: what HTTP calls 204. */
  public boolean isEmpty() {
    return failure == null
        && data == null
        && auth == null
        && lease == null
        && wrapInfo == null
        && warnings.isEmpty()
        && !accepted;
  }

  /** Returns whether the work goes on behind the requests: what HTTP calls 202. */
  public boolean isAccepted() {
    return accepted;
  }

  /** Returns whether this is {@link #deniedByPolicy()}. */
  public boolean isDeniedByPolicy() {
    return deniedByPolicy;
  }

  /**
   * Returns whether nothing is there, without a word that says why; it may have data that do, as a
   * deleted version has.
   */
  public boolean isMissing() {
    return failure == ErrorCode.NOT_FOUND && errors.isEmpty() && warnings.isEmpty();
  }

  /** Returns the texts of a failure; a path without anything fails without a text. */
  public List<String> errors() {
    return errors;
  }

  public Optional<Payload> data() {
    return Optional.ofNullable(data);
  }

  /** Returns the data; an empty object where there are none. */
  public Payload dataOrEmpty() {
    return data().orElse(Payload.empty());
  }

  /**
   * Returns the names that a list is answered with, folders with a trailing slash; none where
   * nothing is there.
   *
   * @throws VaultException as {@link #orThrow}, if the list failed
   */
  public List<String> names() {
    return isMissing() ? List.of() : orThrow().dataOrEmpty().texts("keys");
  }

  public Optional<Auth> auth() {
    return Optional.ofNullable(auth);
  }

  /** Returns the lease that the data end with, if they have one. */
  public Optional<Lease> lease() {
    return Optional.ofNullable(lease);
  }

  public List<String> warnings() {
    return warnings;
  }

  /** Returns what names the content: the token's accessor, or that of the data. */
  public Optional<String> accessor() {
    return auth == null ? Optional.ofNullable(accessor) : Optional.of(auth.accessor());
  }

  /** Returns behind which token the content waits; empty where it was not wrapped. */
  public Optional<WrapInfo> wrapInfo() {
    return Optional.ofNullable(wrapInfo);
  }

  /**
   * Returns after how long the data should be read again, in whole seconds; zero where nothing is
   * said. The token of a login has a lifetime of its own.
   */
  public Duration leaseDuration() {
    return leaseDuration;
  }

  /**
   * Returns this response if it is a success.
   *
   * @throws VaultException with the code and the texts of the failure
   */
  public Response orThrow() {
    if (failure != null) {
      throw new VaultException(
          failure, errors.isEmpty() ? wordsFor(failure) : String.join("; ", errors));
    }
    return this;
  }

  private static String wordsFor(ErrorCode failure) {
    return failure == ErrorCode.NOT_FOUND ? "nothing at this path" : failure.name();
  }

  /** Names the outcome; data are never printed. */
  @Override
  public String toString() {
    return "Response[" + (failure == null ? "success" : failure + " " + errors) + "]";
  }
}
