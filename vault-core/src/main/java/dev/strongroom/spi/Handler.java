package dev.strongroom.spi;

import dev.strongroom.request.Response;

/** Answers one operation of a route. */
@FunctionalInterface
public interface Handler {

  /**
   * Answers a call that is already allowed. It may be called again for the same request, when its
   * commit lost a race: it changes nothing but {@link Call#storage()}, which is discarded with a
   * failure. A {@link dev.strongroom.VaultException} becomes a failure with its code and message;
   * any other exception is a defect and becomes {@code INTERNAL}.
   */
  Response handle(Call call);
}
