package dev.strongroom.auth.k8s;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the host program decides about Kubernetes logins; callers of the vault cannot change it.
 * Immutable.
 *
 * @param serviceAccountFolder where the vault's own pod has {@code ca.crt} and {@code token};
 *     default {@code /var/run/secrets/kubernetes.io/serviceaccount}
 * @param connectTimeout longest time until there is a connection with the API; default 3 s, 10 ms
 *     to 1 minute
 * @param answerTimeout longest time of one question, connecting included; a question that fails
 *     with the connection, or with a status of 500 and above, is asked once more; default 8 s, 10
 *     ms to 1 minute
 * @param concurrentReviews most questions of a mount at the same time; as many more wait 2 s for
 *     their turn, others are refused. Of these places one address takes at most a quarter, and all
 *     mounts together take at most twice as many as one. Renewals have as many places of their own;
 *     default 32, 1 to 1,000
 * @param relaxations rules that are given up; default none
 */
public record KubernetesOptions(
    Path serviceAccountFolder,
    Duration connectTimeout,
    Duration answerTimeout,
    int concurrentReviews,
    Set<Relaxation> relaxations) {
  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MAX_CONCURRENT = 1000;

  public static final KubernetesOptions DEFAULT = new KubernetesOptions(
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount"),
      Duration.ofSeconds(3),
      Duration.ofSeconds(8),
      32,
      Set.of());

  public KubernetesOptions {
    Objects.requireNonNull(serviceAccountFolder, "serviceAccountFolder");
    relaxations = Set.copyOf(relaxations);
    requireInRange("connectTimeout", connectTimeout);
    requireInRange("answerTimeout", answerTimeout);
    if (concurrentReviews < 1 || concurrentReviews > MAX_CONCURRENT) {
      throw new IllegalArgumentException(
          "concurrentReviews is 1 to " + MAX_CONCURRENT + ", but got " + concurrentReviews);
    }
  }

  private static void requireInRange(String what, Duration timeout) {
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(what + " is 10 ms to 1 minute, but got " + timeout);
    }
  }

  public KubernetesOptions withServiceAccountFolder(Path folder) {
    return new KubernetesOptions(
        folder, connectTimeout, answerTimeout, concurrentReviews, relaxations);
  }

  public KubernetesOptions withTimeouts(Duration connect, Duration answer) {
    return new KubernetesOptions(
        serviceAccountFolder, connect, answer, concurrentReviews, relaxations);
  }

  public KubernetesOptions withConcurrentReviews(int reviews) {
    return new KubernetesOptions(
        serviceAccountFolder, connectTimeout, answerTimeout, reviews, relaxations);
  }

  /** Returns these options with more rules given up. */
  public KubernetesOptions allowing(Relaxation... more) {
    Set<Relaxation> all = EnumSet.noneOf(Relaxation.class);
    all.addAll(relaxations);
    all.addAll(List.of(more));
    return new KubernetesOptions(
        serviceAccountFolder, connectTimeout, answerTimeout, concurrentReviews, all);
  }
}
