package dev.strongroom.cli;

import dev.strongroom.ClosedStore;
import dev.strongroom.SealStatus;
import dev.strongroom.TimeSource;
import dev.strongroom.VaultException;
import dev.strongroom.request.Payload;
import dev.strongroom.spi.Seal;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at how a store is sealed, and at a vault that is served. */
final class SealChecks {
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

  private SealChecks() {}

  static Finding ofStore(Path store, Optional<Seal> seal) {
    if (!Files.exists(store)) {
      return Finding.warn(
          "seal", "there is no store yet", "strongroom operator init -store " + store);
    }
    try {
      SqliteStorage storage = SqliteStorage.at(store);
      if (storage.isInUse()) {
        return Finding.ok("seal", "a vault has the store open; ask it with -address");
      }
      try (ClosedStore closed = ClosedStore.open(storage.forReading(), seal)) {
        return ofClosed(closed, seal.isPresent(), store);
      }
    } catch (VaultException e) {
      return Finding.fail(
          "seal",
          Strongroom.message(e),
          "see what the message says; a damaged store is restored from a snapshot");
    }
  }

  private static Finding ofClosed(ClosedStore closed, boolean keyGiven, Path store) {
    SealStatus status = closed.sealStatus();
    if (!status.initialized()) {
      return Finding.warn("seal", "no vault in it yet", "strongroom operator init -store " + store);
    }
    String shares = status.shares().map(Object::toString).orElse("") + " key shares";
    if (status.sealType().equals("shamir")) {
      return Finding.ok("seal", shares);
    }
    if (!keyGiven) {
      return Finding.ok("seal", status.sealType() + "; name its key with -seal-key-file to try it");
    }
    closed.requireOpenedBy(List.of());
    return Finding.ok("seal", status.sealType() + ", and the key opens it");
  }

  static List<Finding> ofServer(ServedVault vault, TimeSource time) {
    List<Finding> findings = new ArrayList<>();
    try {
      ServedVault.Answer answer = vault.ask();
      findings.add(served(answer.status()));
      answer
          .date()
          .map(date -> Duration.between(time.instant(), date))
          .ifPresent(ahead -> findings.add(serverClock(ahead)));
    } catch (IOException | ServerRefused e) {
      findings.add(Finding.fail(
          "server", String.valueOf(e.getMessage()), "see that it runs, and under that address"));
    }
    if (vault.isInTheClear()) {
      findings.add(Finding.warn(
          "transport", "not encrypted", "serve it over TLS: tokens and secrets can be read"));
    }
    return findings;
  }

  private static Finding served(Payload status) {
    if (!status.flag("initialized").orElse(false)) {
      return Finding.warn("server", "it is not initialized", "initialize it, and unseal it");
    }
    return status.flag("sealed").orElse(true)
        ? Finding.warn("server", "it is sealed", "strongroom operator unseal")
        : Finding.ok("server", "it is unsealed");
  }

  private static Finding serverClock(Duration ahead) {
    String detail = "the server differs by " + ahead.abs().toSeconds() + " s";
    return ahead.abs().compareTo(CLOCK_SKEW) > 0
        ? Finding.warn("server clock", detail, "keep both clocks right with NTP")
        : Finding.ok("server clock", detail);
  }
}
