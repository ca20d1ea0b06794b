package dev.strongroom.auth.k8s;

import java.util.List;
import java.util.Optional;

/**
 * What the checks of a login found, in their order. Immutable.
 *
 * @param wouldSucceed whether none of them failed
 */
public record LoginExplanation(boolean wouldSucceed, List<Check> checks) {

  /** How a check ended. */
  public enum State {
    PASSED,
    FAILED,
    /** It was not asked for, or what it needs was not there. */
    SKIPPED
  }

  /**
   * One check.
   *
   * @param name such as {@code audience}
   * @param expected what would have been right; empty if there is nothing to say
   * @param found what was there; empty if there is nothing to say
   * @param advice what to do about a failure; empty for none
   */
  public record Check(String name, State state, String expected, String found, String advice) {}

  public LoginExplanation {
    checks = List.copyOf(checks);
  }

  /** Returns the check that a login would fail at. */
  public Optional<Check> failure() {
    return checks.stream().filter(check -> check.state == State.FAILED).findFirst();
  }

  /** Returns a check by its name. */
  public Optional<Check> check(String name) {
    return checks.stream().filter(check -> check.name.equals(name)).findFirst();
  }
}
