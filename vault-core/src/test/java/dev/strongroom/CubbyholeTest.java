package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.StorageBackend;
import dev.strongroom.spi.StorageType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CubbyholeTest {
  private final AtomicReference<StorageBackend> store = new AtomicReference<>();
  private final InMemoryVault vault = open();
  private final Tokens tokens = Tokens.of(vault.root());

  private InMemoryVault open() {
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    Vault opened = Vault.builder().storage(kept()).time(time).open();
    try (InitialKeys keys = opened.initialize(new KeyShares(1, 1))) {
      opened.unseal(keys.shares().get(0));
      return new InMemoryVault(opened, opened.session(keys.rootToken()), time);
    }
  }

  /** The storage of the vault, which the test can look into. */
  private StorageType kept() {
    StorageType memory = InMemoryStorage.create();
    return new StorageType() {
      @Override
      public StorageBackend open() {
        StorageBackend opened = memory.open();
        store.set(opened);
        return opened;
      }

      @Override
      public String name() {
        return memory.name();
      }
    };
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private int rows() {
    AtomicInteger rows = new AtomicInteger();
    store.get().snapshot(new StorageBackend.SnapshotSink() {
      @Override
      public void head(long revision) {}

      @Override
      public void row(Row row) {
        rows.incrementAndGet();
      }

      @Override
      public void due(DueRow row) {}
    });
    return rows.get();
  }

  private ClientToken token() {
    return tokens.create(TokenRequest.of("p")).token().orElseThrow();
  }

  private Session session(ClientToken token) {
    return vault.vault().session(token);
  }

  private static void fill(Session session, int entries) {
    for (int i = 0; i < entries; i++) {
      session
          .request(Request.write("cubbyhole/a/" + i % 7 + "/" + i, Map.of("v", i)))
          .orThrow();
    }
  }

  @Test
  void entry_ofOneToken_isThatTokensAlone() {
    ClientToken token = token();
    session(token).request(Request.write("cubbyhole/a", Map.of("v", 1))).orThrow();

    Session child =
        session(Tokens.of(vault.root()).create(TokenRequest.of("p")).token().orElseThrow());
    for (Session other : List.of(vault.root(), child)) {
      assertThat(other.request(Request.read("cubbyhole/a")).failure())
          .contains(ErrorCode.NOT_FOUND);
      assertThat(other.request(Request.list("cubbyhole")).failure()).contains(ErrorCode.NOT_FOUND);
    }
    assertThat(session(token).request(Request.read("cubbyhole/a")).dataOrEmpty().number("v"))
        .contains(1);
  }

  @Test
  void wrongRequests_areRefused() {
    assertRefused(Request.write("cubbyhole/a", Map.of()), "missing data fields");
    assertRefused(Request.read("cubbyhole/"), "missing path");
    assertRefused(Request.delete("cubbyhole/"), "missing path");
  }

  private void assertRefused(Request request, String text) {
    Response response = vault.root().request(request);
    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(text);
  }

  @Test
  void mount_staysWhereItIs() {
    Mounts mounts = Mounts.of(vault.root());
    assertThatThrownBy(() -> mounts.unmount("cubbyhole"))
        .hasMessage("cannot unmount \"cubbyhole/\"");
    assertThatThrownBy(() -> mounts.move("cubbyhole", "elsewhere"))
        .hasMessage("cannot remount \"cubbyhole/\"");
  }

  @Test
  void tokenEnds_inAnyWay_nothingOfItsCubbyholeIsLeft() {
    int before = rows();
    for (int entries : List.of(1, 250)) {
      ClientToken revoked = token();
      fill(session(revoked), entries);
      tokens.revoke(revoked);
      ClientToken alone = token();
      fill(session(alone), entries);
      tokens.revokeOrphan(alone);
      ClientToken expiring = tokens
          .create(TokenRequest.of("p").withTtl(Duration.ofHours(1)))
          .token()
          .orElseThrow();
      fill(session(expiring), entries);
      ClientToken used =
          tokens.create(TokenRequest.of("p").withNumUses(entries + 1)).token().orElseThrow();
      fill(session(used), entries);
      session(used).request(Request.read("cubbyhole/a/0/0")).orThrow();
      vault.time().advance(Duration.ofHours(1));
      vault.time().advance(Duration.ofMinutes(1));
      assertThat(rows()).as("%d entries", entries).isEqualTo(before);
    }
  }

  @Test
  void wrappedResponses_expiredRevokedOrGiven_areGone() {
    int before = rows();
    Wrapping wrapping = Wrapping.of(vault.root());
    Duration ttl = Duration.ofMinutes(5);
    wrapping.wrap(Map.of("a", 1), ttl);
    tokens.revokeAccessor(wrapping.wrap(Map.of("a", 1), ttl).accessor());
    wrapping.unwrap(wrapping.wrap(Map.of("a", 1), ttl).token());
    wrapping.unwrap(wrapping.rewrap(wrapping.wrap(Map.of("a", 1), ttl).token()).token());
    session(wrapping.wrap(Map.of("a", 1), ttl).token()).request(Request.read("cubbyhole/response"));
    session(wrapping.wrap(Map.of("a", 1), ttl).token()).request(Request.read("sys/mounts"));
    vault.time().advance(ttl);
    vault.time().advance(Duration.ofMinutes(1));
    assertThat(rows()).isEqualTo(before);
  }
}
