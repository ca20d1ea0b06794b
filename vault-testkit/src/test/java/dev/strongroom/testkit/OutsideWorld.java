package dev.strongroom.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where secrets are made that outlive the vault's process: users with the moment at which they end.
 * It fails when a test says so, before or after the work is done, and refuses to make a user after
 * its deadline, by the clock of the test. Thread-safe.
 */
final class OutsideWorld {
  private final InstantSource clock;
  private final Optional<Path> folder;

  // All access is synchronized, also where a lambda hides it from the compiler.
  private final Map<String, Instant> users = new TreeMap<>();

  // All access is synchronized, also where a lambda hides it from the compiler.
  private final List<String> calls = new ArrayList<>();

  @GuardedBy("this")
  private final List<Fault> faults = new ArrayList<>();

  @GuardedBy("this")
  private Optional<Kind> down = Optional.empty();

  @GuardedBy("this")
  private Hang hang = Hang.NONE;

  @GuardedBy("this")
  private String hanging = "";

  private interface OnFile {
    void on(Path file) throws IOException;
  }

  /** How calls hang. */
  enum Hang {
    NONE,
    /** Until they are interrupted. */
    INTERRUPTIBLY,
    /** Until the test ends that. */
    STUBBORNLY
  }

  /** How a call fails: with the work done or not, and what runs then, such as the process dying. */
  private record Fault(int call, boolean workDone, Runnable then, Exception failure) {}

  OutsideWorld(InstantSource clock) {
    this(clock, Optional.empty());
  }

  private OutsideWorld(InstantSource clock, Optional<Path> folder) {
    this.clock = clock;
    this.folder = folder;
  }

  /** Returns a world that outlives this process: each user is a file in the folder. */
  static OutsideWorld in(Path folder, InstantSource clock) throws IOException {
    OutsideWorld world = new OutsideWorld(clock, Optional.of(folder));
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> world.users.put(file.getFileName().toString(), Instant.MAX));
    }
    return world;
  }

  /** Lets every call fail, from now on; nothing is done. */
  synchronized void fail(Kind kind) {
    down = Optional.of(kind);
  }

  synchronized void heal() {
    down = Optional.empty();
    faults.clear();
  }

  /** Lets every call hang, from now on, before anything is done. */
  synchronized void hang(Hang how) {
    hang(how, "");
  }

  /** Lets every call about a user hang; those about others do not. */
  synchronized void hang(Hang how, String user) {
    hang = how;
    hanging = user;
    notifyAll();
  }

  /** Waits until so many calls have come. */
  synchronized void awaitCalls(int count) throws InterruptedException {
    while (calls.size() < count) {
      wait();
    }
  }

  /** Gives the world to others while it waits, as a database does. */
  @GuardedBy("this")
  private void hangIfAsked(String call) throws InterruptedException {
    while (hang != Hang.NONE && call.endsWith(hanging)) {
      try {
        wait();
      } catch (InterruptedException e) {
        if (hang != Hang.STUBBORNLY) {
          throw e;
        }
      }
    }
  }

  /**
   * Lets a call fail.
   *
   * @param n the call, counted from now: 1 is the next
   */
  synchronized void failCall(int n, boolean workDone, Exception failure) {
    faults.add(new Fault(calls.size() + n, workDone, () -> {}, failure));
  }

  /** Lets something happen in a call, before or after its work, and then the call fails. */
  synchronized void dieInCall(int n, boolean workDone, Runnable dying) {
    faults.add(new Fault(calls.size() + n, workDone, dying, new IllegalStateException("died")));
  }

  synchronized void create(String user, Instant deadline, Instant until) throws Exception {
    doing("create " + user, () -> {
      if (clock.instant().isBefore(deadline)) {
        users.put(user, until);
        atFile(user, Files::createFile);
      } else {
        throw new IllegalStateException("too late");
      }
    });
  }

  synchronized void renew(String user, Instant until) throws Exception {
    doing("renew " + user, () -> {
      if (users.replace(user, until) == null) {
        throw new IllegalStateException("there is no user " + user);
      }
    });
  }

  synchronized void drop(String user) throws Exception {
    doing("drop " + user, () -> {
      users.remove(user);
      atFile(user, Files::deleteIfExists);
    });
  }

  private void atFile(String user, OnFile work) {
    folder.ifPresent(known -> {
      try {
        work.on(known.resolve(user));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  synchronized Map<String, Instant> users() {
    return Map.copyOf(users);
  }

  /** Returns what was asked so far. */
  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  @GuardedBy("this")
  private void doing(String call, Runnable work) throws Exception {
    calls.add(call);
    notifyAll();
    hangIfAsked(call);
    Optional<Fault> fault =
        faults.stream().filter(planned -> planned.call == calls.size()).findFirst();
    if (down.isPresent()) {
      throw new OutsideException(down.get(), "the world is down");
    }
    if (fault.isEmpty()) {
      work.run();
      return;
    }
    if (fault.get().workDone) {
      work.run();
    }
    fault.get().then.run();
    throw fault.get().failure;
  }
}
