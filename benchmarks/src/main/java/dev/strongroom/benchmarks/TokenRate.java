package dev.strongroom.benchmarks;

import dev.strongroom.InMemoryStorage;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Policies;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.CommitResult;
import dev.strongroom.spi.RowAddress;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tokens can be created and revoked per second by one caller, in memory and durably?
 * Floor: the commits that this needs, of the same rows. Creating a token is one commit: token,
 * accessor, place among the children, expiry, state. Revoking it is one: the token's new state, the
 * order to remove it, state. What is left is removed behind the requests, in batches; that goes on
 * meanwhile, and the floor has a third commit for every hundred tokens. Batch tokens need no
 * commit. Floor and vault take turns in one run.
 *
 * <p>Arguments: seconds per turn (default 2), number of turns (default 5).
 */
public final class TokenRate {
  private static final PrintStream OUT = System.out;
  private static final Duration TTL = Duration.ofHours(1);

  // As the vault's own rows.
  private static final int TOKEN_ROW_BYTES = 260;
  private static final int SMALL_ROW_BYTES = 80;
  private static final int STATE_ROW_BYTES = 90;
  private static final int REMOVED_TOGETHER = 100;

  private long next;

  private TokenRate() {}

  public static void main(String[] args) throws Exception {
    long nanos = (args.length > 0 ? Long.parseLong(args[0]) : 2) * 1_000_000_000L;
    int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    new TokenRate().run(nanos, turns);
  }

  private void run(long nanos, int turns) throws Exception {
    try (TemporaryFolder folder = TemporaryFolder.create();
        StorageBackend plainMemory = InMemoryStorage.create().open();
        PlainRows plainFile = PlainRows.in(folder.file("plain.db"))) {
      measure("in memory", InMemoryStorage.create(), () -> commits(plainMemory), nanos, turns);
      measure(
          "durable",
          SqliteStorage.at(folder.file("vault.db")),
          () -> commits(plainFile),
          nanos,
          turns);
    }
  }

  /** Makes the commits that creating and revoking one token needs. */
  @FunctionalInterface
  private interface Floor {
    void commitOne() throws SQLException;
  }

  private static void measure(String where, StorageType storage, Floor floor, long nanos, int turns)
      throws SQLException {
    try (Vault vault = Vault.builder().storage(storage).open();
        InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      vault.unseal(keys.shares().get(0));
      Policies.of(vault.session(keys.rootToken()))
          .put("app", "path \"secret/*\" { capabilities = [\"read\"] }");
      Tokens tokens = Tokens.of(vault.session(keys.rootToken()));
      TokenRequest wanted = TokenRequest.of("app").withTtl(TTL);
      Floor service = () -> tokens.revoke(tokens.create(wanted).token().orElseThrow());
      Floor batch = () -> tokens.create(wanted.asBatch());
      rate(floor, nanos);
      rate(service, nanos);
      rate(batch, nanos);
      double[][] rates = new double[3][turns];
      for (int turn = 0; turn < turns; turn++) {
        rates[0][turn] = rate(floor, nanos);
        rates[1][turn] = rate(service, nanos);
        rates[2][turn] = rate(batch, nanos);
      }
      double plain = Median.of(rates[0]);
      double mine = Median.of(rates[1]);
      OUT.printf(
          "%-10s create + revoke %8.0f/s   floor %8.0f/s   ratio %.2f   batch create %8.0f/s%n",
          where, mine, plain, mine / plain, Median.of(rates[2]));
    }
  }

  private static double rate(Floor work, long nanos) throws SQLException {
    long done = 0;
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < nanos) {
      work.commitOne();
      done++;
    }
    return done * 1e9 / (System.nanoTime() - begin);
  }

  private void commits(PlainRows plain) throws SQLException {
    long number = next++;
    plain.put("token", number, TOKEN_ROW_BYTES);
    plain.put("accessor", number, SMALL_ROW_BYTES);
    plain.put("child", number, SMALL_ROW_BYTES);
    plain.put("due", number, SMALL_ROW_BYTES);
    plain.put("state", 0, STATE_ROW_BYTES);
    plain.commit();
    plain.put("token", number, TOKEN_ROW_BYTES);
    plain.put("ended", number, SMALL_ROW_BYTES);
    plain.put("state", 0, STATE_ROW_BYTES);
    plain.commit();
    if (number % REMOVED_TOGETHER == REMOVED_TOGETHER - 1) {
      for (long each = number - REMOVED_TOGETHER + 1; each <= number; each++) {
        plain.delete("token", each);
        plain.delete("accessor", each);
        plain.delete("child", each);
        plain.delete("ended", each);
      }
      plain.put("state", 0, STATE_ROW_BYTES);
      plain.commit();
    }
  }

  private void commits(StorageBackend plain) {
    long number = next++;
    commit(
        plain,
        List.of(
            row(1, number, TOKEN_ROW_BYTES),
            row(2, number, SMALL_ROW_BYTES),
            row(3, number, SMALL_ROW_BYTES),
            row(4, number, SMALL_ROW_BYTES),
            row(5, 0, STATE_ROW_BYTES)));
    commit(
        plain,
        List.of(
            row(1, number, TOKEN_ROW_BYTES),
            row(6, number, SMALL_ROW_BYTES),
            row(5, 0, STATE_ROW_BYTES)));
    if (number % REMOVED_TOGETHER == REMOVED_TOGETHER - 1) {
      List<Batch.Change> removals = new ArrayList<>();
      for (long each = number - REMOVED_TOGETHER + 1; each <= number; each++) {
        for (int kind : List.of(1, 2, 3, 6)) {
          removals.add(new Batch.Delete(address(kind, each)));
        }
      }
      removals.add(row(5, 0, STATE_ROW_BYTES));
      commit(plain, removals);
    }
  }

  private static void commit(StorageBackend plain, List<Batch.Change> changes) {
    CommitResult result = plain.commit(List.of(new Batch(List.of(), changes))).get(0);
    if (!(result instanceof CommitResult.Committed)) {
      throw new IllegalStateException("nobody else writes here: " + result);
    }
  }

  private static Batch.Change row(int kind, long number, int bytes) {
    return new Batch.Put(address(kind, number), new byte[bytes]);
  }

  private static RowAddress address(int kind, long number) {
    byte[] parent = new byte[16];
    parent[15] = (byte) kind;
    return RowAddress.of(parent, ByteBuffer.allocate(Long.BYTES).putLong(number).array());
  }
}
