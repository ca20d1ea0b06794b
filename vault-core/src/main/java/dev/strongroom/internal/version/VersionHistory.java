package dev.strongroom.internal.version;

import dev.strongroom.ApiVersion;
import dev.strongroom.internal.store.Transaction;
import dev.strongroom.internal.store.Transactions;
import dev.strongroom.spi.RecordCodec;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Storage;
import dev.strongroom.spi.StorageKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Remembers when each version first opened the store. Same rule as OpenBao v2.6.2
 * {@code vault/version_store.go}; of more than a hundred the first are forgotten. Thread-safe.
 */
public final class VersionHistory {
  private static final int MAX = 100;

  private static final StorageKey<Installed> KEY = RecordKind.attached(
          "versions", RecordCodec.of(1, VersionHistory::write, VersionHistory::read))
      .at("", "installed");

  private final Transactions transactions;

  /** Versions in the order in which they came. */
  record Installed(List<Version> versions) {
    Installed {
      versions = List.copyOf(versions);
    }
  }

  /**
   * A version that has opened the store.
   *
   * @param built RFC 3339
   * @param since when it did so first
   */
  public record Version(String text, String built, Instant since) {
    public Version {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(built, "built");
      Objects.requireNonNull(since, "since");
    }
  }

  public VersionHistory(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Notes that this version opens the store, if it has not done so before. */
  public void note(Transaction tx) {
    List<Version> known = new ArrayList<>(all(tx));
    if (known.stream().noneMatch(version -> version.text.equals(ApiVersion.TEXT))) {
      known.add(
          new Version(ApiVersion.TEXT, ApiVersion.DATE, transactions.clock().instant()));
      storage(tx)
          .put(KEY, new Installed(known.subList(Math.max(0, known.size() - MAX), known.size())));
    }
  }

  /** Returns the versions that have opened the store, the first one first. */
  public List<Version> all(Transaction tx) {
    return storage(tx).get(KEY).map(Installed::versions).orElse(List.of());
  }

  private Storage storage(Transaction tx) {
    return tx.in(transactions.system());
  }

  private static void write(Installed installed, RecordWriter out) {
    out.all(
        installed.versions,
        (o, version) -> o.text(version.text).text(version.built).instant(version.since));
  }

  private static Installed read(RecordReader in) {
    return new Installed(in.all(each -> new Version(each.text(), each.text(), each.instant())));
  }
}
