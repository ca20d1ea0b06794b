package dev.strongroom;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;

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
   * Ends what this session began. A token that the caller brought stays valid. Closing again does
   * nothing.
   */
  @Override
  void close();
}
