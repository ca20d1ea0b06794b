package dev.strongroom.request;

import dev.strongroom.spi.DurationText;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request to a vault: an operation on a path with parameters. This is the untyped door: typed
 * clients build requests, and so does whoever puts a vault behind HTTP, where query parameters and
 * body members become the {@link #payload()}. Immutable.
 */
public final class Request {
  private static final Duration LONGEST_WRAP_TTL =
      Duration.ofNanos(Long.MAX_VALUE).truncatedTo(ChronoUnit.SECONDS);

  private final Operation operation;
  private final VaultPath path;
  private final Payload payload;
  private final @Nullable Origin origin;
  private final @Nullable Duration wrapTtl;
  private final @Nullable String unreadable;
  private final @Nullable String api;

  private Request(
      Operation operation,
      VaultPath path,
      Payload payload,
      @Nullable Origin origin,
      @Nullable Duration wrapTtl,
      @Nullable String unreadable,
      @Nullable String api) {
    this.api = api;
    this.unreadable = unreadable;
    this.origin = origin;
    this.wrapTtl = wrapTtl;
    this.operation = Objects.requireNonNull(operation, "operation");
    this.path = operation.lists() ? path.asFolder() : path;
    this.payload = Objects.requireNonNull(payload, "payload");
    if (operation.stores() && path.text().endsWith("/")) {
      throw new IllegalArgumentException("cannot write to a path ending in '/'");
    }
  }

  /**
   * Builds a request. A list or scan gets a trailing slash where it lacks one.
   *
   * @throws IllegalArgumentException for a write to a path that ends in a slash, and for a list of
   *     one that has no room for it
   */
  public static Request of(Operation operation, VaultPath path, Payload payload) {
    return new Request(operation, path, payload, null, null, null, null);
  }

  /**
   * As {@link #of} with an empty payload. All factories refuse a path that {@link VaultPath#parse}
   * refuses.
   */
  public static Request read(String path) {
    return of(Operation.READ, VaultPath.parse(path), Payload.empty());
  }

  /** A write: whether it creates or updates is the vault's to find out. */
  public static Request write(String path, Map<String, ?> members) {
    return of(Operation.UPDATE, VaultPath.parse(path), Payload.of(members));
  }

  public static Request patch(String path, Map<String, ?> members) {
    return of(Operation.PATCH, VaultPath.parse(path), Payload.of(members));
  }

  public static Request delete(String path) {
    return of(Operation.DELETE, VaultPath.parse(path), Payload.empty());
  }

  public static Request list(String path) {
    return of(Operation.LIST, VaultPath.parse(path), Payload.empty());
  }

  public static Request scan(String path) {
    return of(Operation.SCAN, VaultPath.parse(path), Payload.empty());
  }

  public static Request help(String path) {
    return of(Operation.HELP, VaultPath.parse(path), Payload.empty());
  }

  /** Returns this request with one more parameter; a parameter of that name is replaced. */
  public Request with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>(payload.toMap());
    members.put(name, value);
    return with(Payload.of(members));
  }

  /** Returns this request with other parameters instead of its own. */
  public Request with(Payload other) {
    return new Request(operation, path, other, origin, wrapTtl, unreadable, api);
  }

  /**
   * Returns this request as it came from there. For whoever puts a vault behind a network: requests
   * of callers inside the process have no origin.
   */
  public Request from(Origin place) {
    return new Request(
        operation, path, payload, Objects.requireNonNull(place, "place"), wrapTtl, unreadable, api);
  }

  /**
   * Returns this request, whose answer is to be wrapped: what the answer holds waits behind a
   * wrapping token, for whoever unwraps it first. An answer without content, and one that is an
   * error, comes as it is.
   *
   * @param ttl how long it waits: whole seconds, from one to 292 years
   * @throws IllegalArgumentException for another
   */
  public Request wrapped(Duration ttl) {
    if (ttl.isNegative()) {
      throw new IllegalArgumentException("requested wrap ttl cannot be negative");
    }
    if (!DurationText.isWholeSeconds(ttl) || ttl.isZero() || ttl.compareTo(LONGEST_WRAP_TTL) > 0) {
      throw new IllegalArgumentException(
          "requested wrap ttl must be whole seconds, from 1 to " + LONGEST_WRAP_TTL.toSeconds());
    }
    return new Request(operation, path, payload, origin, ttl, unreadable, api);
  }

  /**
   * Returns this request as one whose parameters whoever took it from the network could not read.
   * Nothing comes of it but its two records in the audit: a caller who may not do this is denied as
   * always, another gets a failure with code {@code INVALID_REQUEST}.
   *
   * @param reason goes to the audit as it is, so it quotes nothing of the request
   */
  public Request unreadable(String reason) {
    return new Request(operation, path, payload, origin, wrapTtl, reason, api);
  }

  /**
   * Returns this request as one for engines with that API only. Every other engine, whatever it
   * would make of the path and the parameters, refuses it with code {@code INVALID_REQUEST} and
   * stores nothing; a caller who may not do this is denied as always. For typed clients.
   *
   * @param name as {@code dev.strongroom.spi.SecretEngine#api} has it
   */
  public Request forApi(String name) {
    return new Request(
        operation,
        path,
        payload,
        origin,
        wrapTtl,
        unreadable,
        Objects.requireNonNull(name, "name"));
  }

  public Operation operation() {
    return operation;
  }

  public VaultPath path() {
    return path;
  }

  public Payload payload() {
    return payload;
  }

  /** Returns where the request came from; empty for a caller inside the process. */
  public Optional<Origin> origin() {
    return Optional.ofNullable(origin);
  }

  /** Returns how long what the answer holds is to stay wrapped; empty where it is not to be. */
  public Optional<Duration> wrapTtl() {
    return Optional.ofNullable(wrapTtl);
  }

  /** Returns which API the engine must have; empty where any will do. */
  public Optional<String> api() {
    return Optional.ofNullable(api);
  }

  /** Returns why the parameters could not be read; empty where they are here. */
  public Optional<String> whyUnreadable() {
    return Optional.ofNullable(unreadable);
  }

  /** Names operation and path; parameters are never printed. */
  @Override
  public String toString() {
    return operation + " " + path;
  }
}
