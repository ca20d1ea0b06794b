package dev.strongroom.internal.pipeline;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.internal.mount.Router.Mounted;
import dev.strongroom.request.Request;
import dev.strongroom.spi.SecretEngine;
import java.util.Optional;

/** Keeps requests of a typed client from an engine that would understand something else by them. */
final class OtherApi {
  private OtherApi() {}

  /**
   * Refuses a request that is for another API than the engine has. Only for callers who may do it.
   *
   * @throws VaultException with code {@code INVALID_REQUEST}
   */
  static void refuse(Request request, Mounted mounted) {
    Optional<String> wanted = request.api();
    Optional<String> there = mounted.engine().flatMap(SecretEngine::api);
    if (wanted.isPresent() && !wanted.equals(there)) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          "the mount " + mounted.entry().path() + " is "
              + there.orElse("of type " + mounted.entry().type())
              + ", but the request is for " + wanted.get());
    }
  }
}
