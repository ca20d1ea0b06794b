package dev.strongroom;

import dev.strongroom.request.Request;

/** How somebody logs in. Auth methods have factories of them; any request to a login will do. */
@FunctionalInterface
public interface Login {

  /**
   * Returns the request that logs in. Asked at each login, so that a credential that changes, such
   * as one in a file, is read again. Must be safe to call from any thread.
   */
  Request request();
}
