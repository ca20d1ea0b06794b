package dev.strongroom.request;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a request: data, an issued token, nothing, or a failure. A failure is a value here,
 * not an exception, because some carry data (the metadata of a deleted version) and all of them
 * must reach the audit; {@link #orThrow()} makes it an exception. Immutable.
 */
public final class Response {
  private static final Response EMPTY =
      new Response(null, List.of(), null, null, List.of(), Duration.ZERO);

  private final @Nullable ErrorCode failure;
  private final List<String> errors;
  private final @Nullable Payload data;
  private final @Nullable Auth auth;
  private final List<String> warnings;
  private final Duration leaseDuration;

  private Response(
      @Nullable ErrorCode failure,
      List<String> errors,
      @Nullable Payload data,
      @Nullable Auth auth,
      List<String> warnings,
      Duration leaseDuration) {
    this.failure = failure;
    this.errors = errors;
    this.data = data;
    this.auth = auth;
    this.warnings = warnings;
    this.leaseDuration = leaseDuration;
  }

  /** Success with data. */
  public static Response of(Payload data) {
    return new Response(null, List.of(), data, null, List.of(), Duration.ZERO);
  }

  /** Success with a token for the caller. */
  public static Response of(Auth auth) {
    return new Response(null, List.of(), null, auth, List.of(), Duration.ZERO);
  }

  /** Success with nothing to say. For a read or list the vault makes it {@link #notFound()}. */
  public static Response empty() {
    return EMPTY;
  }

  /** Nothing at that path, without a word. */
  public static Response notFound() {
    return new Response(ErrorCode.NOT_FOUND, List.of(), null, null, List.of(), Duration.ZERO);
  }

  /** Failure with texts for the caller, which must not hold what the caller may not know. */
  public static Response failure(ErrorCode code, String... errors) {
    return new Response(code, List.of(errors), null, null, List.of(), Duration.ZERO);
  }

  /** Failure that carries data. */
  public static Response failure(ErrorCode code, Payload data) {
    return new Response(code, List.of(), data, null, List.of(), Duration.ZERO);
  }

  /** The failure that {@code e} stands for. */
  public static Response failure(VaultException e) {
    return failure(e.code(), String.valueOf(e.getMessage()));
  }

  /** Returns this response with one more warning. */
  public Response withWarning(String warning) {
    List<String> all = new ArrayList<>(warnings);
    all.add(warning);
    return new Response(failure, errors, data, auth, List.copyOf(all), leaseDuration);
  }

  /** Returns this response, which tells how long its data are good for. */
  public Response withLeaseDuration(Duration duration) {
    return new Response(failure, errors, data, auth, warnings, duration);
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
    return failure == null && data == null && auth == null && warnings.isEmpty();
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

  public Optional<Auth> auth() {
    return Optional.ofNullable(auth);
  }

  public List<String> warnings() {
    return warnings;
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
