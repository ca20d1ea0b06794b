package dev.strongroom.auth.k8s.internal.method;

import dev.strongroom.ErrorCode;
import dev.strongroom.spi.LoginRefused;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one check of a login found. For operators, except {@code code} and {@code answer}, which are
 * what the caller is told of a failure. Nothing in it is a token.
 *
 * @param check name of the check
 * @param expected what would have been right; empty if there is nothing to say
 * @param found what was there; empty if there is nothing to say
 * @param advice what to do about a failure; empty for none
 */
record Finding(
    String check,
    State state,
    String expected,
    String found,
    String advice,
    ErrorCode code,
    String answer) {
  static final String DENIED = "permission denied";

  enum State {
    PASSED("passed"),
    FAILED("failed"),
    /** What it needs was not there. */
    SKIPPED("skipped");

    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  static Finding passed(String check, String found) {
    return new Finding(check, State.PASSED, "", found, "", ErrorCode.INTERNAL, "");
  }

  static Finding skipped(String check, String why) {
    return new Finding(check, State.SKIPPED, "", why, "", ErrorCode.INTERNAL, "");
  }

  /** A failure of which the caller is told {@code permission denied}, unless said otherwise. */
  static Finding failed(String check, String expected, String found, String advice) {
    return new Finding(
        check, State.FAILED, expected, found, advice, ErrorCode.PERMISSION_DENIED, DENIED);
  }

  Finding telling(String text) {
    return telling(ErrorCode.PERMISSION_DENIED, text);
  }

  Finding telling(ErrorCode other, String text) {
    return new Finding(check, state, expected, found, advice, other, text);
  }

  boolean isPassed() {
    return state == State.PASSED;
  }

  boolean isFailure() {
    return state == State.FAILED;
  }

  /**
   * Returns the refusal of a failed login; its reason goes to the log.
   *
   * @param role one that exists
   */
  LoginRefused refusal(String role, boolean tellsReasons) {
    return tellsReasons
        ? LoginRefused.told(code, answer, reason(role))
        : LoginRefused.denied(reason(role));
  }

  /** Returns the reason of a failure, for the log. */
  String reason(String role) {
    return "role " + role + ", check " + check + ": expected " + expected + ", found " + found
        + (advice.isEmpty() ? "" : ". " + advice);
  }

  Map<String, Object> describe() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("check", check);
    members.put("state", state.text);
    members.put("expected", expected);
    members.put("found", found);
    members.put("advice", advice);
    return members;
  }
}
