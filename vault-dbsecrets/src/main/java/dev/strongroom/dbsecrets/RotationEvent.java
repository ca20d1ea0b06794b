package dev.strongroom.dbsecrets;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens to the credentials of a {@link RotatingDataSource}. Nothing in it is secret. Told on
 * the thread that does the work, one after the other: a listener that takes long holds up the next
 * renewal.
 */
public sealed interface RotationEvent {

  /** Returns the database user that it is about. */
  String user();

  /** What was tried. */
  enum Step {
    RENEW,
    /** To get a credential. */
    ISSUE,
    /** To connect with a new credential. */
    PROBE,
    REVOKE
  }

  /** The user's lease was renewed, and ends in {@code rest} unless it is again. */
  record Renewed(String user, Duration rest) implements RotationEvent {}

  /**
   * New connections have {@code user} now; for a static role that is the user that was there, with
   * another password.
   */
  record Rotated(String before, String user) implements RotationEvent {}

  /** No connection has the user any more, and the vault was told to end it. */
  record Retired(String user) implements RotationEvent {}

  /** So many connections of a replaced user were borrowed beyond the drain limit, and ended. */
  record ConnectionsEnded(String user, int count) implements RotationEvent {}

  /**
   * Something did not work. What is in use stays in use.
   *
   * @param nextTry empty: it is not tried again
   */
  record Failed(Step step, String user, Exception cause, Optional<Duration> nextTry)
      implements RotationEvent {}

  /** The user's lease has ended, and there is no other one; it is tried on. */
  record Expired(String user) implements RotationEvent {}
}
