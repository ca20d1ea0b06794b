package dev.strongroom.spi;

import java.util.Optional;

/**
 * Finds out who logs in. Two steps, because proofs can take long: a password is hashed, a token is
 * shown to whoever made it. Only then does the vault begin to write.
 */
public interface LoginHandler {

  /**
   * Returns the name that the caller claims to have, under which failures are counted; empty if
   * none are to be counted, as for a name that nobody has. It must be the alias of the grant that
   * may come of it. Reads only.
   */
  Optional<String> claimedAlias(Call call);

  /**
   * Checks what the caller brought. Reads only, may take its time and call out; nothing in the
   * vault waits for it.
   *
   * @throws LoginRefused if the caller is not who they say they are
   */
  Proven prove(Call call);

  /** Somebody who has proven who they are. */
  @FunctionalInterface
  interface Proven {
    /**
     * Says what they get. Whatever it writes becomes durable together with the token. May run
     * again, with what others have changed meanwhile: what the proof rested on is read again.
     *
     * @throws LoginRefused if it does not hold any more
     */
    LoginGrant grant(Call call);
  }
}
