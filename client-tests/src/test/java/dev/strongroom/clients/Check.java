package dev.strongroom.clients;

import org.junit.jupiter.api.function.Executable;

/**
 * What one call of a client is expected to do.
 *
 * @param call in the words of {@code calls.txt}
 * @param differsBecause empty if the client gets what it is made for
 * @param body fails if it does not
 */
record Check(String call, String differsBecause, Executable body) {
  static Check works(String call, Executable body) {
    return new Check(call, "", body);
  }

  /** Of a call that is answered otherwise than by the reference, and why. */
  static Check differs(String call, String because, Executable body) {
    return new Check(call, because, body);
  }
}
