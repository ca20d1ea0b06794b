package dev.strongroom.auth.k8s.internal.jws;

/** A text is no token that can be trusted in any way. The message holds nothing of it. */
public final class UnreadableToken extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableToken(String message) {
    super(message);
  }
}
