package dev.strongroom.junit;

import dev.strongroom.testkit.LogCanary;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An open vault, and the logs of the tests that use it now. Thread-safe. */
final class RunningVault implements AutoCloseable {
  private final TestVault vault;
  private final List<String> seeded;
  private final Map<String, LogCanary> logs = new ConcurrentHashMap<>();

  RunningVault(TestVault vault, List<String> seeded) {
    this.vault = vault;
    this.seeded = List.copyOf(seeded);
  }

  TestVault vault() {
    return vault;
  }

  /** Listens to the log until the test ends. */
  void listen(String test) {
    logs.put(test, LogCanary.listenAtSetLevels());
  }

  /**
   * Stops listening.
   *
   * @throws AssertionError if a secret was logged since
   */
  void requireNothingLogged(String test) {
    LogCanary log = logs.remove(test);
    if (log == null) {
      return; // what came before this failed
    }
    try (log) {
      Set<String> secrets = new HashSet<>(seeded);
      secrets.add(vault.rootToken().exposeText());
      secrets.addAll(KnownSecrets.in(vault));
      log.assertNeverLogged(secrets.toArray(String[]::new));
    }
  }

  @Override
  public void close() {
    logs.values().forEach(LogCanary::close);
    vault.close();
  }
}
