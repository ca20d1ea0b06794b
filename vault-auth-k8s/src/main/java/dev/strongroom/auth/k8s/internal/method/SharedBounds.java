package dev.strongroom.auth.k8s.internal.method;

import java.util.concurrent.Semaphore;

/**
 * What all mounts of the method share, so that strangers cannot have more by asking at each.
 *
 * @param questions places for those who ask the API because of a login, and those who wait to
 * @param renewals the same for renewals: whoever has a token does not stand behind strangers
 * @param signatures how many are checked at a time: they cost processors, and nothing else
 */
record SharedBounds(Semaphore questions, Semaphore renewals, Semaphore signatures) {
  private static final int MOUNTS = 2;

  static SharedBounds of(MethodOptions options) {
    int ofOneMount = 2 * options.limits().atOnce();
    return new SharedBounds(
        new Semaphore(MOUNTS * ofOneMount),
        new Semaphore(MOUNTS * ofOneMount),
        new Semaphore(Runtime.getRuntime().availableProcessors(), /* fair= */ true));
  }
}
