package dev.strongroom.testkit;

import dev.strongroom.storage.sqlite.SqliteStorage;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any history of a KV mount shows what the model says, whatever happens to the store. */
@Tag("slow")
class KvModelTest {
  private static final boolean THOROUGH = Boolean.getBoolean("strongroom.thorough");

  // Kept here: a logger that nobody holds forgets its level.
  private static final Logger VAULT = Logger.getLogger("dev.strongroom");

  /** Each death of a store is told with its stack. */
  @BeforeAll
  static void tellNoDeaths() {
    VAULT.setLevel(Level.OFF);
  }

  @AfterAll
  static void tellAgain() {
    VAULT.setLevel(null);
  }

  static LongStream inMemory() {
    return LongStream.rangeClosed(1, THOROUGH ? 100 : 5);
  }

  static LongStream onSqlite() {
    return LongStream.rangeClosed(1, THOROUGH ? 10 : 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("inMemory")
  void history_inMemory_isThatOfTheModel(long seed) {
    try (KvHistory history = new KvHistory(seed, FaultyStorage.inMemory())) {
      history.burst(/* window= */ 400, /* versions= */ 300);
      history.run(THOROUGH ? 2_000 : 400);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("onSqlite")
  void history_onSqlite_isThatOfTheModel(long seed, @TempDir Path folder) {
    FaultyStorage storage = FaultyStorage.over(SqliteStorage.at(folder.resolve("vault.db")));
    try (KvHistory history = new KvHistory(seed, storage)) {
      history.run(THOROUGH ? 1_000 : 100);
    }
  }
}
