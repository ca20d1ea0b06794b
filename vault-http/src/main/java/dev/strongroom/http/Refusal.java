package dev.strongroom.http;

import java.util.List;

/** A request that is refused before the vault sees it. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<String> errors;

  private Refusal(int status, List<String> errors) {
    super(null, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
    this.status = status;
    this.errors = errors;
  }

  static Refusal of(int status, String error) {
    return new Refusal(status, List.of(error));
  }

  /** A refusal of a kind that says nothing. */
  static Refusal silent(int status) {
    return new Refusal(status, List.of());
  }

  HttpReply reply() {
    return Replies.errors(status, errors);
  }
}
