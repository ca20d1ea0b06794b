package dev.strongroom.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Counts commits and reads and says which of them fail, and how. Thread-safe. */
final class FaultPlan {
  @GuardedBy("this")
  private final Map<Long, Fault> commitFaults = new HashMap<>();

  @GuardedBy("this")
  private final Set<Long> readFaults = new HashSet<>();

  @GuardedBy("this")
  private Optional<Chance> chance = Optional.empty();

  @GuardedBy("this")
  private long commits;

  @GuardedBy("this")
  private long reads;

  /** How a commit fails. */
  sealed interface Fault {}

  /** Nothing happens, and the store goes on. */
  record Refusal() implements Fault {}

  /** The store stops; the first batches of the group are there afterwards. */
  record Death(int survivingBatches) implements Fault {}

  private record Chance(Random random, int oneIn) {
    boolean strikes() {
      return random.nextInt(oneIn) == 0;
    }
  }

  synchronized void commitFails(int n, Fault fault) {
    commitFaults.put(commits + n, fault);
  }

  synchronized void readFails(int n) {
    readFaults.add(reads + n);
  }

  synchronized void atRandom(long seed, int oneIn) {
    chance = Optional.of(new Chance(new Random(seed), oneIn));
  }

  synchronized void clear() {
    commitFaults.clear();
    readFaults.clear();
    chance = Optional.empty();
  }

  synchronized long commits() {
    return commits;
  }

  synchronized long reads() {
    return reads;
  }

  /** Counts a commit. Returns how it fails, if it does. */
  synchronized Optional<Fault> nextCommit() {
    commits++;
    Optional<Fault> planned = Optional.ofNullable(commitFaults.remove(commits));
    return planned.or(() -> chance.filter(Chance::strikes).map(c -> new Refusal()));
  }

  /** Counts a read. Returns whether it fails. */
  synchronized boolean nextReadFails() {
    reads++;
    return readFaults.remove(reads) || chance.filter(Chance::strikes).isPresent();
  }
}
