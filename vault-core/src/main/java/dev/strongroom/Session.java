package dev.strongroom;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.util.function.Consumer;

/**
 * One caller's door into a vault: every request made here carries its token. Thread-safe; may be
 * used from many threads at once.
 */
public interface Session extends AutoCloseable {

  /**
   * Takes one request through the vault and returns every outcome, a sealed vault and a denial
   * included. Blocks until the change is durable.
   *
   * @throws IllegalStateException after {@link #close}, of the session or of the vault
   */
  Response request(Request request);

  /**
   * Tells {@code listener} of changes of data, each after it is durable and visible: a listener
   * that reads sees at least what it is told of. Changes come in the order of their commits, one at
   * a time, on the thread of {@link VaultBuilder#listenerExecutor}; a write that failed is not
   * told. What lies in the past when this is called is not told, and neither are versions that
   * leave their key's window or reach the end of their lifetime, and mounts that are moved or
   * removed.
   *
   * <pre>{@code
   * Registration registration = session.onChange(
   *     "secret/data/apps/", change -> reload(change.path()));
   * }</pre>
   *
   * <p>The rights of this session count, now and at each change: it needs {@code read} on the
   * prefix and on the path of the change. A change that it may not read is left out, without a
   * word. When the token of the session has ended its listeners have, too; a host's session gets
   * another token, and its listeners wait for that.
   *
   * <p>A listener may call the vault, and may take its time; others wait meanwhile. When 1,024
   * changes wait for it, the next one takes the place of all of them, as
   * {@link Change.Kind#MISSED}. What a listener throws is logged without its text, and it is told
   * of the next change. In a sealed vault nobody is told anything: what waits is told after the
   * next unseal, and so is a change at which the listener threw a {@link VaultException} with code
   * {@code SEALED}.
   *
   * @param prefix a path as policies have it: with a trailing slash for everything below, such as
   *     {@code secret/data/apps/}; without one for exactly this path. It is no pattern
   * @return ends it; closing the session or the vault does, too
   * @throws IllegalArgumentException if that cannot be a path, is empty or ends in a star
   * @throws VaultException with code {@code PERMISSION_DENIED}, {@code SEALED}, or
   *     {@code INVALID_REQUEST} if the uses of the token are counted
   * @throws IllegalStateException after {@link #close}, of the session or of the vault
   */
  Registration onChange(String prefix, Consumer<Change> listener);

  /**
   * Ends what this session began, its listeners as {@link Registration#close} does. A token that
   * the caller brought stays valid. Closing again does nothing.
   */
  @Override
  void close();
}
