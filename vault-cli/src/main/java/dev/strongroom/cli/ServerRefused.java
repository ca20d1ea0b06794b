package dev.strongroom.cli;

/** A server has answered, but did not do what it was asked. */
final class ServerRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerRefused(String message) {
    super(message);
  }
}
