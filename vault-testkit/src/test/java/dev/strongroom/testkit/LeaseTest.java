package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Leases;
import dev.strongroom.Leases.LeaseInfo;
import dev.strongroom.Mount;
import dev.strongroom.Mounts;
import dev.strongroom.Policies;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.TokenRole;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Lease;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.OutsideException;
import dev.strongroom.spi.OutsideException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases of an engine whose secrets are outside, as callers and operators see them. */
class LeaseTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private InMemoryVault vault;
  private OutsideWorld world;
  private VirtualTime time;
  private Session root;

  @BeforeEach
  void open() {
    // The world's clock is the vault's, which is made with it.
    VirtualTime[] clock = new VirtualTime[1];
    world = new OutsideWorld(() -> clock[0].instant());
    vault = Vault.inMemory(builder -> builder.mount("db", Mount.of(new LeasedEngine(world))));
    clock[0] = vault.time();
    time = vault.time();
    root = vault.root();
    Policies.of(root).put("creds", "path \"db/creds/*\" { capabilities = [\"read\"] }");
    role("app", "1h", "4h");
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private void role(String name, String ttl, String maxTtl) {
    root.request(Request.write("db/roles/" + name, Map.of("ttl", ttl, "max_ttl", maxTtl)))
        .orThrow();
  }

  private Lease issue(Session session) {
    return session.request(Request.read("db/creds/app")).orThrow().lease().orElseThrow();
  }

  private Leases leases() {
    return Leases.of(root);
  }

  private void later(Duration step) {
    time.advance(step);
  }

  private Session session(Auth auth) {
    return vault.vault().session(auth.token().orElseThrow());
  }

  private Auth token(TokenRequest wanted) {
    return Tokens.of(root).create(wanted);
  }

  @Test
  void read_makesASecretAndItsLease() {
    Response response = root.request(Request.read("db/creds/app")).orThrow();

    Lease lease = response.lease().orElseThrow();
    assertThat(lease.id()).matches("db/creds/app/[0-9A-Za-z]{24}");
    assertThat(lease.renewable()).isTrue();
    assertThat(lease.duration()).isEqualTo(HOUR);
    assertThat(response.leaseDuration()).isEqualTo(HOUR);
    assertThat(world.users())
        .containsOnlyKeys(response.dataOrEmpty().text("username").get());
  }

  @Test
  void lookup_tellsWhatIsKnown() {
    Lease lease = issue(root);

    LeaseInfo info = leases().lookup(lease.id());

    assertThat(info.path()).isEqualTo("db/creds/app");
    assertThat(info.issuedAt()).isEqualTo(time.instant());
    assertThat(info.expiresAt()).contains(time.instant().plus(HOUR));
    assertThat(info.lastRenewal()).isEmpty();
    assertThat(leases().list("db/creds/app")).hasSize(1);
    assertThat(leases().list("db")).containsExactly("creds/");
  }

  @Test
  void plan_refused_nothingIsMadeAndTheCallerIsTold() {
    Response response = root.request(Request.read("db/creds/none"));

    assertThat(response.errors()).containsExactly("unknown role: none");
    assertThat(world.calls()).isEmpty();
  }

  @Test
  void expiry_revokesTheSecret() {
    Lease lease = issue(root);

    later(HOUR.minusSeconds(1));
    assertThat(world.users()).hasSize(1);
    later(Duration.ofSeconds(2));

    assertThat(world.users()).isEmpty();
    assertThatThrownBy(() -> leases().lookup(lease.id())).hasMessage("invalid lease");
  }

  @Test
  void revoke_endsItBeforeItReturnsAndMayBeRepeated() {
    Lease lease = issue(root);

    leases().revoke(lease.id());

    assertThat(world.users()).isEmpty();
    leases().revoke(lease.id());
    assertThat(world.calls()).hasSize(2);
  }

  @Test
  void revoke_withoutWaiting_isAcceptedAndDoneBehindTheRequests() {
    Lease lease = issue(root);

    Response response = root.request(
        Request.write("sys/leases/revoke", Map.of("lease_id", lease.id(), "sync", false)));

    assertThat(response.isAccepted()).isTrue();
    assertThat(world.users()).hasSize(1);
    later(Duration.ZERO);
    assertThat(world.users()).isEmpty();
  }

  @Test
  void revoke_pathAndBodyNameTwo_isRefused() {
    Lease one = issue(root);
    Lease other = issue(root);

    Response response = root.request(
        Request.write("sys/leases/revoke/" + one.id(), Map.of("lease_id", other.id())));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(world.users()).hasSize(2);
  }

  @Test
  void revokePrefix_endsOnlyWhatLiesBelow() {
    role("app2", "1h", "4h");
    issue(root);
    issue(root);
    root.request(Request.read("db/creds/app2")).orThrow();

    leases().revokePrefix("db/creds/app");

    assertThat(world.users()).hasSize(1);
    assertThat(leases().list("db/creds")).containsExactly("app2/");
  }

  @Test
  void revokePrefix_withoutWaiting_isDoneBehindTheRequests() {
    for (int i = 0; i < 250; i++) {
      issue(root);
    }

    root.request(Request.write("sys/leases/revoke-prefix/db", Map.of("sync", false)))
        .orThrow();
    issue(root);
    later(Duration.ofSeconds(1));

    assertThat(world.users()).hasSizeBetween(0, 1);
  }

  @Nested
  class Renewal {
    @Test
    void renew_movesTheEndAndTellsTheWorldOutside() {
      Lease lease = issue(root);
      later(Duration.ofMinutes(30));

      Lease renewed = leases().renew(lease.id(), Duration.ZERO);

      assertThat(renewed.id()).isEqualTo(lease.id());
      assertThat(renewed.duration()).isEqualTo(HOUR);
      assertThat(world.users()).containsValue(time.instant().plus(HOUR));
      later(HOUR.minusSeconds(1));
      assertThat(world.users()).hasSize(1);
      later(Duration.ofSeconds(2));
      assertThat(world.users()).isEmpty();
    }

    @Test
    void renew_shorter_endsEarlier() {
      Lease lease = issue(root);

      leases().renew(lease.id(), Duration.ofMinutes(5));
      later(Duration.ofMinutes(5).plusSeconds(1));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void renew_isCutAtTheLongestLifetime() {
      Lease lease = issue(root);
      for (int i = 0; i < 3; i++) {
        later(Duration.ofMinutes(50));
        leases().renew(lease.id(), HOUR);
      }
      later(Duration.ofMinutes(50));

      Lease last = leases().renew(lease.id(), HOUR);

      assertThat(last.duration()).isEqualTo(Duration.ofMinutes(40));
    }

    @Test
    void renew_whatCannotBe_isRefused() {
      root.request(Request.write("db/roles/app", Map.of("ttl", "1h", "renewable", false)));
      String id = issue(root).id();

      assertThatThrownBy(() -> leases().renew(id, HOUR)).hasMessage("lease is not renewable");
      assertThatThrownBy(() -> leases().renew("db/creds/app/unknown", HOUR))
          .hasMessage("lease not found");
      assertThatThrownBy(() -> leases().renew("../x", HOUR)).hasMessage("lease not found");
    }

    @Test
    void renew_roleIsGone_isRefusedAndTheLeaseStillEnds() {
      Lease lease = issue(root);
      root.request(Request.delete("db/roles/app")).orThrow();

      assertThatThrownBy(() -> leases().renew(lease.id(), HOUR)).hasMessage("the role is gone");
      later(HOUR);
      assertThat(world.users()).isEmpty();
    }

    @Test
    void renew_outsideFails_saysNothingOfItAndTheEarlierEndCounts() {
      Lease lease = issue(root);
      Instant end = time.instant().plus(HOUR);
      later(Duration.ofMinutes(30));
      world.failCall(1, /* workDone= */ true, new SQLException("password hunter2 refused"));

      assertThatThrownBy(() -> leases().renew(lease.id(), HOUR))
          .hasMessage("failed to renew entry; the log of the vault says why")
          .isInstanceOfSatisfying(
              VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTSIDE_FAILED));

      assertThat(leases().lookup(lease.id()).expiresAt()).contains(end);
      assertThat(leases().renew(lease.id(), HOUR).duration()).isEqualTo(HOUR);
    }
  }

  @Nested
  class Owner {
    @Test
    void tokenRevoked_itsLeasesEndAndThoseOfOthersStay() {
      Auth child = token(TokenRequest.of("creds"));
      Session session = session(child);
      issue(session);
      issue(session);
      issue(root);

      Tokens.of(root).revokeAccessor(child.accessor());
      later(Duration.ZERO);

      assertThat(world.users()).hasSize(1);
    }

    @Test
    @DisplayName("T-4 leases of a removed entity's tokens end, those of others stay")
    void entityRemoved_leasesOfItsTokensEnd() {
      Tokens.of(root).putRole("r", TokenRole.of("creds").withEntityAliases("*"));
      TokenRequest wanted = TokenRequest.of("creds").withRole("r");
      Auth bob = token(wanted.withEntityAlias("bob"));
      for (int i = 0; i < 150; i++) {
        issue(session(token(wanted.withEntityAlias("bob"))));
      }
      issue(session(token(wanted.withEntityAlias("ann"))));
      issue(root);

      root.request(Request.delete("identity/entity/id/" + bob.entityId().orElseThrow()))
          .orThrow();
      later(Duration.ofSeconds(1));

      assertThat(world.users()).hasSize(2);
    }

    @Test
    void parentRevoked_leasesOfItsChildrenEnd() {
      Auth parent = Tokens.of(root).create(TokenRequest.of("root"));
      Auth child = Tokens.of(session(parent)).create(TokenRequest.of("root"));
      for (int i = 0; i < 250; i++) {
        issue(session(child));
      }

      Tokens.of(root).revokeAccessor(parent.accessor());
      later(Duration.ofSeconds(1));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void tokenExpires_itsLeasesEnd() {
      issue(session(token(TokenRequest.of("creds").withTtl(Duration.ofMinutes(10)))));

      later(Duration.ofMinutes(10).plusSeconds(1));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void tokenRevokedWhileItsSecretIsMade_nobodyGetsItAndItIsGone() {
      Auth child = token(TokenRequest.of("creds"));
      world.dieInCall(
          1, /* workDone= */ true, () -> Tokens.of(root).revokeAccessor(child.accessor()));

      Response response = session(child).request(Request.read("db/creds/app"));
      later(Duration.ofMinutes(3));

      assertThat(response.isFailure()).isTrue();
      assertThat(world.users()).isEmpty();
      assertThat(leases().list("db")).isEmpty();
    }

    @Test
    void lastUse_nothingIsMade() {
      Session once = session(token(TokenRequest.of("creds").withNumUses(1)));

      Response response = once.request(Request.read("db/creds/app"));

      assertThat(response.errors())
          .containsExactly(
              "Secret cannot be returned; token had one use left, so leased credentials were immediately revoked.");
      assertThat(world.calls()).isEmpty();
    }
  }

  /** A batch token is not stored: nothing hangs on it but by its end and its parent. */
  @Nested
  class OfBatchTokens {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void lease_endsWithTheTokenAndNoRenewalPassesThat() {
      Lease lease =
          issue(session(token(TokenRequest.of("creds").withTtl(TEN_MINUTES).asBatch())));
      assertThat(lease.duration()).isEqualTo(TEN_MINUTES);

      later(Duration.ofMinutes(4));
      assertThat(leases().renew(lease.id(), HOUR).duration()).isEqualTo(Duration.ofMinutes(6));
      later(Duration.ofMinutes(6).minusSeconds(1));
      assertThat(world.users()).hasSize(1);
      later(Duration.ofSeconds(2));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void parentRevoked_leaseEnds() {
      Auth parent = Tokens.of(root).create(TokenRequest.of("root"));
      Auth batch = Tokens.of(session(parent))
          .create(TokenRequest.of("creds").withTtl(TEN_MINUTES).asBatch());
      issue(session(batch));

      Tokens.of(root).revokeAccessor(parent.accessor());
      later(Duration.ofSeconds(1));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void orphan_leaseOutlivesWhoMadeTheToken() {
      Auth maker = Tokens.of(root).create(TokenRequest.of("root"));
      Auth batch = Tokens.of(session(maker))
          .create(TokenRequest.of("creds").withTtl(TEN_MINUTES).asOrphan().asBatch());
      issue(session(batch));

      Tokens.of(root).revokeAccessor(maker.accessor());
      later(TEN_MINUTES.minusSeconds(1));
      assertThat(world.users()).hasSize(1);
      later(Duration.ofSeconds(2));

      assertThat(world.users()).isEmpty();
    }
  }

  /** Whatever an engine allows in a name, and whoever knows an id. */
  @Nested
  class Ids {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a2", "a.b", "a-b", "a%2Fb", "a+b", "\u00e4", "a b", "a*"})
    void name_ofAnyKind_isLookedUpRenewedAndRevoked(String name) {
      String path = "db/creds/" + name;
      role(name, "1h", "4h");
      String id =
          root.request(Request.read(path)).orThrow().lease().orElseThrow().id();

      assertThat(leases().lookup(id).path()).isEqualTo(path);
      assertThat(leases().renew(id, HOUR).id()).isEqualTo(id);
      assertThat(leases().list(path)).containsExactly(id.substring(path.length() + 1));
      leases().revoke(id);
      root.request(Request.read(path)).orThrow();
      leases().revokePrefix(path);

      assertThat(world.users()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"revoke-prefix", "revoke-force"})
    void prefix_neverTouchesWhatOnlyBeginsLikeIt(String call) {
      List<String> others = List.of("app2", "app.x", "app-x", "ap", "APP");
      for (String other : others) {
        role(other, "1h", "4h");
        root.request(Request.read("db/creds/" + other)).orThrow();
      }
      issue(root);

      root.request(Request.write("sys/leases/" + call + "/db/creds/app", Map.of()))
          .orThrow();
      root.request(Request.write("sys/leases/" + call + "/db/creds/a", Map.of()))
          .orThrow();
      root.request(Request.write("sys/leases/" + call + "/d", Map.of())).orThrow();

      assertThat(world.users()).hasSize(others.size());
    }

    @Test
    void prefix_ofTheStartOfAnId_isNoFolder() {
      String id = issue(root).id();

      leases().revokePrefix(id.substring(0, id.length() - 1));

      assertThat(world.users()).hasSize(1);
    }

    @Test
    void id_underAnotherMount_isUnknownThere() {
      Mounts.of(root).mount("other", Mount.of(new LeasedEngine(world)));
      String id = issue(root).id();
      String elsewhere = id.replaceFirst("^db/", "other/");

      assertThatThrownBy(() -> leases().lookup(elsewhere)).hasMessage("invalid lease");
      assertThatThrownBy(() -> leases().renew(elsewhere, HOUR)).hasMessage("lease not found");
      leases().revoke(elsewhere);
      leases().revokePrefix("other");
      Mounts.of(root).unmount("other");

      assertThat(world.users()).hasSize(1);
    }

    @Test
    void id_knownToSomebody_isNoRight() {
      String id = issue(root).id();
      Session other = session(token(TokenRequest.of("creds").withoutDefaultPolicy()));

      for (String call : List.of("lookup", "renew", "revoke")) {
        Response response =
            other.request(Request.write("sys/leases/" + call, Map.of("lease_id", id)));
        assertThat(response.failure()).as(call).contains(ErrorCode.PERMISSION_DENIED);
      }
      assertThat(world.users()).hasSize(1);
    }

    @Test
    void oldPath_ofAMovedMount_takenByAnother_theLeasesStayWithTheirMount() {
      String id = issue(root).id();
      Mounts.of(root).move("db", "moved");
      Mounts.of(root).mount("db", Mount.of(new LeasedEngine(world)));

      Mounts.of(root).unmount("db");

      assertThat(world.users()).hasSize(1);
      assertThat(leases().renew(id, HOUR).id()).isEqualTo(id);
      Mounts.of(root).unmount("moved");
      assertThat(world.users()).isEmpty();
    }
  }

  @Nested
  class Failure {
    @Test
    void create_notReached_leavesNothing() {
      world.fail(Kind.UNREACHABLE);

      Response response = root.request(Request.read("db/creds/app"));

      assertThat(response.failure()).contains(ErrorCode.OUTSIDE_FAILED);
      assertThat(response.errors()).containsExactly("the world is down");
      assertThat(leases().list("db")).isEmpty();
    }

    @Test
    void create_failsWithTheWorkDone_isUndone() {
      world.failCall(1, /* workDone= */ true, new SQLException("connection lost"));

      assertThat(root.request(Request.read("db/creds/app")).isFailure()).isTrue();

      assertThat(world.users()).isEmpty();
      later(Duration.ofMinutes(3));
      assertThat(leases().list("db")).isEmpty();
    }

    @Test
    void revoke_failsAgainAndAgain_isTriedSixTimesAndThenDaily() {
      Lease lease = issue(root);
      world.fail(Kind.RETRYABLE);

      later(HOUR.plusMinutes(30));

      assertThat(world.calls().stream().filter(call -> call.startsWith("drop"))).hasSize(6);
      LeaseInfo info = leases().lookup(lease.id());
      assertThat(info.revokeError()).contains("out of retries: the world is down");
      assertThat(leases().irrevocable()).containsOnlyKeys(lease.id());
      assertThatThrownBy(() -> leases().renew(lease.id(), HOUR))
          .hasMessage("lease is expired and has failed previous revocation attempts");
      Response count = root.request(Request.read("sys/leases/count").with("type", "irrevocable"))
          .orThrow();
      assertThat(count.dataOrEmpty().number("lease_count")).contains(1);
      world.heal();
      later(Duration.ofDays(1));
      assertThat(world.users()).isEmpty();
      assertThat(leases().irrevocable()).isEmpty();
    }

    @Test
    void revoke_oneOfManyFails_theOthersEndAndItIsTriedAgain() {
      for (int i = 0; i < 250; i++) {
        issue(root);
      }
      world.failCall(120, /* workDone= */ false, new OutsideException(Kind.RETRYABLE, "not now"));

      later(HOUR);

      assertThat(world.users()).hasSize(1);
      List<String> left = leases().list("db/creds/app");
      assertThat(left).hasSize(1);
      assertThat(leases().lookup("db/creds/app/" + left.get(0)).revokeError()).contains("not now");
      later(Duration.ofMinutes(1));
      assertThat(world.users()).isEmpty();
      assertThat(leases().list("db")).isEmpty();
    }

    @Test
    void revoke_hopeless_givesUpAtOnce() {
      Lease lease = issue(root);
      world.fail(Kind.UNRECOVERABLE);

      assertThatThrownBy(() -> leases().revoke(lease.id()))
          .hasMessageContaining("the world is down");

      assertThat(leases().irrevocable()).containsEntry(lease.id(), "the world is down");
    }

    @Test
    void revoke_notReached_neverGivesUp() {
      issue(root);
      world.fail(Kind.UNREACHABLE);

      later(Duration.ofDays(3));
      assertThat(leases().irrevocable()).isEmpty();
      assertThat(world.users()).hasSize(1);
      world.heal();
      later(Duration.ofMinutes(10));

      assertThat(world.users()).isEmpty();
    }

    @Test
    void error_keepsTheEnginesWordsCutAndCleanAndOfOthersTheType() {
      Lease lease = issue(root);
      Lease other = issue(root);
      world.failCall(
          1, /* workDone= */ false, new OutsideException(Kind.RETRYABLE, "a\nb" + "x".repeat(500)));
      assertThatThrownBy(() -> leases().revoke(lease.id())).isInstanceOf(VaultException.class);
      world.failCall(1, /* workDone= */ false, new SQLException("the password is hunter2"));
      assertThatThrownBy(() -> leases().revoke(other.id())).isInstanceOf(VaultException.class);

      assertThat(leases().lookup(lease.id()).revokeError().orElseThrow())
          .hasSize(240)
          .startsWith("a bxxx");
      assertThat(leases().lookup(other.id()).revokeError()).contains("SQLException");
    }

    @Test
    void revokeForce_forgetsWhatCannotBeRevoked() {
      issue(root);
      issue(root);
      world.fail(Kind.RETRYABLE);

      leases().revokeForce("db");

      assertThat(leases().list("db")).isEmpty();
      assertThat(world.users()).hasSize(2);
    }

    @Test
    void deadMount_doesNotKeepOthersWaiting() {
      OutsideWorld elsewhere = new OutsideWorld(time);
      try (InMemoryVault two = Vault.inMemory(builder -> builder
          .mount("a", Mount.of(new LeasedEngine(elsewhere)))
          .mount("b", Mount.of(new OtherName(world))))) {
        for (String mount : List.of("a", "b")) {
          two.root()
              .request(Request.write(mount + "/roles/app", Map.of("ttl", "1h")))
              .orThrow();
          for (int i = 0; i < 300; i++) {
            two.root().request(Request.read(mount + "/creds/app")).orThrow();
          }
        }
        elsewhere.fail(Kind.UNREACHABLE);

        two.time().advance(HOUR.plusSeconds(30));

        assertThat(world.users()).isEmpty();
        assertThat(elsewhere.users()).hasSize(300);
        elsewhere.heal();
        two.time().advance(Duration.ofMinutes(15));
        assertThat(elsewhere.users()).isEmpty();
      }
    }
  }

  @Nested
  class Unmounting {
    @Test
    void unmount_revokesFirst() {
      issue(root);

      Mounts.of(root).unmount("db");

      assertThat(world.users()).isEmpty();
      assertThat(Mounts.of(root).list()).doesNotContainKey("db");
    }

    @Test
    void unmount_aLeaseFails_answersNothingMoreUntilItIsGone() {
      Lease lease = issue(root);
      world.fail(Kind.RETRYABLE);

      assertThatThrownBy(() -> Mounts.of(root).unmount("db"))
          .hasMessageContaining("failed to revoke \"" + lease.id() + "\": the world is down");

      assertThat(root.request(Request.read("db/creds/app")).failure())
          .contains(ErrorCode.NOT_FOUND);
      assertThat(Mounts.of(root).list()).containsKey("db");
      leases().revokeForce("db");
      Mounts.of(root).unmount("db");
      assertThat(Mounts.of(root).list()).doesNotContainKey("db");
    }

    @Test
    void unmount_stopped_goesOnWhenTheLeaseIsGone() {
      issue(root);
      world.fail(Kind.RETRYABLE);
      assertThatThrownBy(() -> Mounts.of(root).unmount("db")).isInstanceOf(VaultException.class);
      world.heal();

      later(Duration.ofMinutes(5));

      assertThat(world.users()).isEmpty();
      assertThat(Mounts.of(root).list()).doesNotContainKey("db");
    }

    @Test
    void unmount_aMountBesideIt_keepsItsLeases() {
      Mounts.of(root).mount("db2", Mount.of(new LeasedEngine(world)));
      issue(root);

      Mounts.of(root).unmount("db2");

      assertThat(world.users()).hasSize(1);
    }

    @Test
    void move_keepsLeasesAndTheirIds() {
      Lease lease = issue(root);
      Mounts.of(root).move("db", "moved/db");

      assertThat(leases().renew(lease.id(), HOUR).duration()).isEqualTo(HOUR);
      Mounts.of(root).unmount("moved/db");

      assertThat(world.users()).isEmpty();
    }
  }

  @Nested
  class OfTokens {
    @Test
    void tokenLease_isListedLookedUpAndRevoked() {
      Auth child = Tokens.of(root).create(TokenRequest.of("creds").withTtl(HOUR));
      String name = leases().list("auth/token/create").get(0);
      String id = "auth/token/create/" + name;

      assertThat(leases().lookup(id).expiresAt()).contains(time.instant().plus(HOUR));
      assertThatThrownBy(() -> leases().renew(id, HOUR))
          .hasMessage("tokens cannot be renewed through this endpoint");
      leases().revoke(id);

      ClientToken token = child.token().orElseThrow();
      assertThat(vault
              .vault()
              .session(token)
              .request(Request.read("auth/token/lookup-self"))
              .failure())
          .contains(ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void revokePrefix_endsTokens() {
      Tokens.of(root).create(TokenRequest.of());
      Tokens.of(root).create(TokenRequest.of());

      leases().revokePrefix("auth/token/create");
      later(Duration.ZERO);

      assertThat(leases().list("auth/token")).isEmpty();
    }
  }

  @Test
  void close_ofAStoreThatForgets_revokesWhatItCan() {
    issue(root);

    vault.close();

    assertThat(world.users()).isEmpty();
  }

  /** The same engine under another name. */
  private record OtherName(OutsideWorld world) implements dev.strongroom.spi.EngineType {
    @Override
    public String name() {
      return "other";
    }

    @Override
    public dev.strongroom.spi.SecretEngine create(dev.strongroom.spi.MountContext context) {
      return new LeasedEngine(world).create(context);
    }
  }
}
