package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.Leases;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.fixture.TestPostgres;
import dev.strongroom.testkit.DatabaseProcess.Access;
import dev.strongroom.testkit.DatabaseProcess.Death;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process of a vault is killed while it gets, renews and revokes users of a database: after
 * recovery the database has exactly the users that have a lease.
 */
@Tag("slow")
class DatabaseProcessTest {
  private static final boolean THOROUGH = Boolean.getBoolean("strongroom.thorough");

  /** To issue, to renew and to revoke takes two commits each, with the database between them. */
  private static final int COMMITS = 6;

  private static final int KILLS = THOROUGH ? 188 : 8;

  /** Longer than a user that may still be made, or a claim, holds recovery up. */
  private static final Duration RECOVERY = Duration.ofMinutes(30);

  @TempDir
  private Path folder;

  private int vaults;

  /** A vault whose process has died, and what its callers know. */
  private record Dead(Access access, Map<String, String> held, Set<String> mayBeGone) {}

  @Test
  void death_inEveryCommit_leavesExactlyTheUsersWithLeases() throws Exception {
    try (TestPostgres postgres = TestPostgres.create()) {
      List<Dead> dead = new ArrayList<>();
      for (int commit = 1; commit <= COMMITS; commit++) {
        for (boolean done : new boolean[] {false, true}) {
          dead.add(workUntilDead(postgres, new Random(commit), new Death(commit, done)));
        }
      }

      verify(postgres, dead);

      assertThat(dead).anySatisfy(one -> assertThat(one.held()).isNotEmpty());
      assertThat(dead).anySatisfy(one -> assertThat(one.mayBeGone()).isNotEmpty());
    }
  }

  @Test
  void kill_amongThreads_leavesExactlyTheUsersWithLeases() throws Exception {
    try (TestPostgres postgres = TestPostgres.create()) {
      Random random = new Random(7);
      List<Dead> dead = new ArrayList<>();
      for (int kill = 0; kill < KILLS; kill++) {
        dead.add(workUntilDead(postgres, random, Death.NEVER));
      }

      verify(postgres, dead);

      assertThat(dead).allSatisfy(one -> assertThat(one.held()).isNotEmpty());
    }
  }

  private Dead workUntilDead(TestPostgres postgres, Random random, Death death) throws Exception {
    int number = vaults++;
    Access access = Access.initialize(
        Files.createDirectory(folder.resolve("vault" + number)), "v" + number + "-", postgres);
    List<String> lines = new ArrayList<>();
    try (ChildJvm child = access.start(random, death)) {
      if (death.equals(Death.NEVER)) {
        for (int left = 2 + random.nextInt(40); left > 0; left--) {
          lines.add(child.readLine().orElseThrow());
        }
        child.kill();
      }
      lines.addAll(child.readAllLines());
    }
    Map<String, String> held = new HashMap<>();
    Set<String> mayBeGone = new HashSet<>();
    for (List<String> words : lines.stream().map(DatabaseProcess::words).toList()) {
      if (words.get(0).equals("issued") && words.size() == 3) {
        held.put(words.get(1), words.get(2));
      } else if (words.get(0).equals("revoking")) {
        mayBeGone.add(words.get(1));
      }
    }
    return new Dead(access, held, mayBeGone);
  }

  private static void verify(TestPostgres postgres, List<Dead> dead) throws Exception {
    awaitDeadlines(postgres);
    for (Dead one : dead) {
      VirtualTime time = VirtualTime.at(DatabaseProcess.now());
      try (Vault vault = one.access().open(time)) {
        Session root = one.access().unseal(vault);
        time.advance(RECOVERY);

        Set<String> leases = Set.copyOf(Leases.of(root).list("database/creds/app"));
        Set<String> users = users(postgres, one.access().users());
        assertThat(users).hasSameSizeAs(leases);
        one.held().forEach((id, user) -> {
          if (!one.mayBeGone().contains(id)) {
            assertThat(leases).contains(id.substring("database/creds/app/".length()));
            assertThat(users).contains(user);
          }
        });
        assertThat(Leases.of(root).irrevocable()).isEmpty();
        Leases.of(root).revokePrefix("database/creds");
        assertThat(users(postgres, one.access().users())).isEmpty();
      }
    }
  }

  /** Nothing is settled before the database's clock says that it is too late for it. */
  private static void awaitDeadlines(TestPostgres postgres) {
    postgres.execute("SELECT pg_sleep(6)");
  }

  private static Set<String> users(TestPostgres postgres, String prefix) throws SQLException {
    Set<String> users = new HashSet<>();
    try (Connection connection = postgres.connect();
        PreparedStatement query = connection.prepareStatement(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, ?)")) {
      query.setString(1, prefix);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          users.add(found.getString(1));
        }
      }
    }
    return users;
  }
}
