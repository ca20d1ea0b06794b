package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Leases;
import dev.strongroom.Mount;
import dev.strongroom.Mounts;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A vault whose process dies at each commit, and at each call to what is outside: afterwards
 * nothing is outside without a record, and every record comes to an end.
 */
@Tag("slow")
class LeaseCrashTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int MAX_POINTS = 40;

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final OutsideWorld world = new OutsideWorld(time);
  private final FaultyStorage storage = FaultyStorage.inMemory();
  private String share = "";
  private ClientToken root = ClientToken.parse("none");

  /** What goes on when the process dies. */
  private record Story(String name, Consumer<LeaseCrashTest> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Story> stories() {
    return Stream.of(
        new Story("issue", LeaseCrashTest::issue),
        new Story("renew", test -> {
          String id = test.issue();
          test.time.advance(Duration.ofMinutes(10));
          test.root().request(Request.write("sys/leases/renew", Map.of("lease_id", id)));
        }),
        new Story("revoke", test -> {
          String id = test.issue();
          test.root().request(Request.write("sys/leases/revoke", Map.of("lease_id", id)));
        }),
        new Story("expire", test -> {
          test.issue();
          test.time.advance(HOUR.plusSeconds(1));
        }),
        new Story("expire together", test -> {
          test.issue();
          test.issue();
          test.issue();
          test.time.advance(HOUR.plusSeconds(1));
        }),
        new Story("expire together, one failing", test -> {
          test.issue();
          test.issue();
          test.issue();
          test.world.failCall(
              2, /* workDone= */ false, new OutsideException(Kind.RETRYABLE, "not now"));
          test.time.advance(HOUR.plusSeconds(1));
        }),
        new Story("end a token", test -> {
          Auth child = Tokens.of(test.root()).create(TokenRequest.of("root"));
          Session session = test.vault.session(child.token().orElseThrow());
          session.request(Request.read("db/creds/app"));
          session.request(Request.read("db/creds/app"));
          Tokens.of(test.root()).revokeAccessor(child.accessor());
          test.time.advance(Duration.ofSeconds(1));
        }),
        new Story("unmount", test -> {
          test.issue();
          test.issue();
          test.root().request(Request.delete("sys/mounts/db"));
          test.time.advance(Duration.ofSeconds(1));
        }));
  }

  private Vault vault;

  private Session root() {
    return vault.session(root);
  }

  private String issue() {
    Response response = root().request(Request.read("db/creds/app"));
    return response.lease().map(lease -> lease.id()).orElse("none");
  }

  private void begin() {
    vault = builder();
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      root = keys.rootToken();
    }
    unseal();
    Mounts.of(root()).mount("db", Mount.of(new LeasedEngine(world)));
    root()
        .request(Request.write("db/roles/app", Map.of("ttl", "1h", "max_ttl", "4h")))
        .orThrow();
  }

  private Vault builder() {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .engine(new LeasedEngine(world))
        .open();
  }

  private void unseal() {
    try (KeyShare given = KeyShare.parse(share)) {
      vault.unseal(given);
    }
  }

  private void tell(Story story) {
    try {
      story.told.accept(this);
    } catch (VaultException e) { // to be told is all that a dying process can do
      assertThat(e.code()).isIn(ErrorCode.SEALED, ErrorCode.STORAGE_FAILED);
    }
  }

  /** The process is gone, and another one takes its place. */
  private void openAgain() {
    storage.die();
    vault.close();
    storage.heal();
    world.heal();
    vault = builder();
    unseal();
  }

  /** Nothing outside is without a record, and nothing has been forgotten when all has ended. */
  private void requireSettled(String what) {
    time.advance(Duration.ofMinutes(5));
    Leases leases = Leases.of(root());
    List<String> alive = leases.list("db/creds/app").stream().toList();
    assertThat(world.users()).as(what).hasSizeLessThanOrEqualTo(alive.size());
    time.advance(Duration.ofHours(5));
    assertThat(world.users()).as("%s: left outside", what).isEmpty();
    assertThat(new TreeSet<>(leases.list("db"))).as("%s: records", what).isEmpty();
    assertThat(vault.leasesToRevoke()).as(what).isEmpty();
    vault.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void process_diesInAnyCommit_everythingComesToAnEnd(Story story) {
    for (int surviving : new int[] {0, Integer.MAX_VALUE}) {
      int commit = 1;
      boolean died = true;
      for (; died && commit <= MAX_POINTS; commit++) {
        LeaseCrashTest run = new LeaseCrashTest();
        run.begin();
        long before = run.storage.commits();
        run.storage.dieInCommit(commit, surviving);
        run.tell(story);
        died = run.storage.commits() - before >= commit;
        run.openAgain();
        run.requireSettled(story + ", commit " + commit + ", surviving " + surviving);
      }
      assertThat(commit).as("commits of %s", story).isBetween(4, MAX_POINTS);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void process_diesInAnyCallOutside_everythingComesToAnEnd(Story story) {
    for (boolean workDone : new boolean[] {false, true}) {
      int call = 1;
      boolean died = true;
      for (; died && call <= MAX_POINTS; call++) {
        LeaseCrashTest run = new LeaseCrashTest();
        run.begin();
        run.world.dieInCall(call, workDone, run.storage::die);
        run.tell(story);
        died = run.world.calls().size() >= call;
        run.openAgain();
        run.requireSettled(story + ", call " + call + ", work done " + workDone);
      }
      assertThat(call).as("calls of %s", story).isBetween(2, MAX_POINTS);
    }
  }

  /** Nobody asks again: what was begun goes on by itself, and takes no new requests meanwhile. */
  @Test
  void process_diesWhileAMountIsRemoved_itGoesOnAndAnswersNothing() {
    begin();
    String id = issue();
    issue();
    world.dieInCall(2, /* workDone= */ false, storage::die);
    Response unmounting = root().request(Request.delete("sys/mounts/db"));
    assertThat(unmounting.isFailure()).isTrue();
    openAgain();

    assertThat(root().request(Request.read("db/creds/app")).isFailure()).isTrue();
    assertThat(root()
            .request(Request.write("sys/leases/renew", Map.of("lease_id", id)))
            .isFailure())
        .isTrue();
    time.advance(Duration.ofMinutes(5));

    assertThat(world.users()).isEmpty();
    assertThat(Mounts.of(root()).list()).doesNotContainKey("db");
    vault.close();
  }
}
