package dev.strongroom.spi;

import dev.strongroom.Change;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * One call to a route: allowed, its declared parameters converted. Parameters are read by the type
 * they were declared with; any other name or type is an {@link IllegalArgumentException}. For one
 * thread, and only until the handler returns.
 */
public interface Call {

  Operation operation();

  /** Returns what the pattern's {@code {name}} or {@code {name...}} stands for. */
  String captured(String name);

  /** Returns whether the parameter was given; null counts, except for a duration. */
  boolean has(String field);

  /** Returns a {@code TEXT}; empty when it is missing or null. */
  Optional<String> text(String field);

  /** Returns an {@code INTEGER}; empty when it is missing. */
  OptionalLong integer(String field);

  /** Returns a {@code FLAG}; empty when it is missing. */
  Optional<Boolean> flag(String field);

  /** Returns a {@code DURATION}, in whole seconds; empty when it is missing or null. */
  Optional<Duration> duration(String field);

  /** Returns an {@code OBJECT}; empty when it is missing or null. */
  Optional<Payload> object(String field);

  /** Returns {@code TEXTS} or {@code COMMA_TEXTS}; empty when missing or null. */
  List<String> texts(String field);

  /** Returns {@code INTEGERS}; empty when missing or null. */
  List<Long> integers(String field);

  /** Returns {@code PAIRS}; empty when missing or null. */
  Map<String, String> pairs(String field);

  /** Returns all parameters as they came, declared or not. */
  Payload payload();

  /**
   * Returns the mount's own storage. What is written becomes durable, as a whole, when the handler
   * has returned a success.
   */
  Storage storage();

  /**
   * Returns how long leases of the mount live unless something else is asked for, in whole seconds.
   */
  Duration defaultLeaseTtl();

  /** Returns the longest time that leases and tokens of the mount may live, in whole seconds. */
  Duration maxLeaseTtl();

  /**
   * Returns the display name of the caller's token; empty for a caller without one. Chosen by
   * others: it may have any characters.
   */
  String displayName();

  /** Returns where the request came from; empty for a caller inside the process. */
  Optional<Origin> origin();

  /**
   * Checks that the caller may do something else as well, such as what one call does in several
   * places.
   *
   * @param path below the mount, such as {@code data/apps/db}
   * @param parameters what a request there would carry
   * @throws dev.strongroom.VaultException with code {@code PERMISSION_DENIED} if not, or
   *     {@code INVALID_REQUEST} if there can be no such path
   */
  void requireAllowed(Operation operation, String path, Payload parameters);

  /**
   * Tells listeners, once the call's writes are durable and visible, that data have changed. If the
   * call fails, or wrote nothing, nobody is told; if it runs again, only what the last run said is.
   *
   * @param path where the data are read, inside the mount
   * @param version of the data; empty where they have none, or where all of them are meant
   * @throws IllegalArgumentException for {@link Change.Kind#MISSED}
   * @throws IllegalStateException in a call that cannot write
   */
  void changed(Change.Kind kind, String path, OptionalInt version);

  /**
   * Goes on with work that must not run in a transaction, because it takes long or changes
   * something outside the vault: on the same thread, when what the call has written is durable and
   * every lock is released. The handler's own response is dropped, and what the work returns or
   * throws becomes the answer. If the call fails, nothing runs. The call is over then: the work
   * stores with {@link MountContext#write}.
   *
   * @throws IllegalStateException in a call that cannot write
   */
  void then(Supplier<Response> work);

  /** Returns the vault's time at the start of the call. It never goes back. */
  Instant now();
}
