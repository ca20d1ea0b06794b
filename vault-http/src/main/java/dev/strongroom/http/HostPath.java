package dev.strongroom.http;

/**
 * A path that a sealed vault answers, too: it is served by the verbs of the host, to everybody, and
 * its answer has no envelope.
 */
interface HostPath {

  /**
   * Answers a call.
   *
   * @throws Refusal with 405 for a method that the path does not know
   */
  HttpReply answer(ApiCall call);

  /**
   * Requires one of these methods.
   *
   * @throws Refusal otherwise
   */
  static void requireMethod(ApiCall call, String... methods) {
    for (String method : methods) {
      if (method.equals(call.method())) {
        return;
      }
    }
    throw Refusal.silent(405);
  }
}
