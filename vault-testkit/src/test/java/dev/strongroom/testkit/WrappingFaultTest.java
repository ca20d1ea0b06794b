package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShare;
import dev.strongroom.KeyShares;
import dev.strongroom.Session;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.VirtualTime;
import dev.strongroom.Wrapping;
import dev.strongroom.kv.Kv;
import dev.strongroom.kv.KvStore;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.WrapInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A crash in any commit leaves what was wrapped to one reader, or to nobody. */
class WrappingFaultTest {
  private static final Duration TTL = Duration.ofHours(1);
  private static final String CANARY = "CANARY-wrapped-91c4";

  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final FaultyStorage storage = FaultyStorage.inMemory();
  private String share = "";
  private String rootToken = "";
  private Vault vault = newVault();

  private Vault newVault() {
    Vault opened = open();
    try (InitialKeys keys = opened.initialize(new KeyShares(1, 1))) {
      share = keys.shares().get(0).exposeHex();
      rootToken = keys.rootToken().exposeText();
      opened.unseal(keys.shares().get(0));
    }
    return opened;
  }

  private Vault open() {
    return Vault.builder()
        .storage(storage)
        .time(time)
        .mount("secret", Kv.version2())
        .open();
  }

  private void openAgain() {
    vault.close();
    vault = open();
    try (KeyShare given = KeyShare.parse(share)) {
      vault.unseal(given);
    }
  }

  private Session root() {
    return vault.session(ClientToken.parse(rootToken));
  }

  private Response unwrap(ClientToken token) {
    return vault.session(token).request(Request.write("sys/wrapping/unwrap", Map.of()));
  }

  @ParameterizedTest(name = "{0} batches of the group survive")
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void unwrap_storeDies_theContentIsThereOnceOrGone(int surviving) {
    WrapInfo info = Wrapping.of(root()).wrap(Map.of("a", CANARY), TTL);
    storage.dieInCommit(1, surviving);
    assertThat(unwrap(info.token()).data()).isEmpty();

    openAgain();
    Response second = unwrap(info.token());
    assertThat(second.isFailure()).isEqualTo(surviving > 0);
    assertThat(unwrap(info.token()).isFailure()).isTrue();
  }

  @ParameterizedTest(name = "{0} batches of the group survive")
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void rewrap_storeDies_theOldTokenIsAsGoodAsBeforeOrEnded(int surviving) {
    WrapInfo info = Wrapping.of(root()).wrap(Map.of("a", CANARY), TTL);
    storage.dieInCommit(1, surviving);
    Response rewrapped = root()
        .request(
            Request.write("sys/wrapping/rewrap", Map.of("token", info.token().exposeText())));
    assertThat(rewrapped.wrapInfo()).isEmpty();

    openAgain();
    assertThat(unwrap(info.token()).isFailure()).isEqualTo(surviving > 0);
  }

  @ParameterizedTest(name = "{0} batches of the group survive")
  @ValueSource(ints = {0, Integer.MAX_VALUE})
  void wrappedWrite_storeDies_theWriteHappenedOrNot_andNobodyHasAToken(int surviving) {
    Request write = Request.write("secret/data/a", Map.of("data", Map.of("v", CANARY)));
    storage.dieInCommit(1, surviving);
    assertThat(root().request(write.wrapped(TTL)).wrapInfo()).isEmpty();

    openAgain();
    assertThat(KvStore.at(root(), "secret").find("a").isPresent()).isEqualTo(surviving > 0);
    assertThat(root().request(write.wrapped(TTL)).wrapInfo()).isPresent();
  }

  @Test
  void deletedVersion_wrapped_comesBackAsTheFailureItIs_once() {
    KvStore secrets = KvStore.at(root(), "secret");
    secrets.put("a", Map.of("v", 1));
    secrets.delete("a");
    Response plain = root().request(Request.read("secret/data/a"));

    Response wrapped = root().request(Request.read("secret/data/a").wrapped(TTL));
    ClientToken token = wrapped.wrapInfo().orElseThrow().token();
    Response given = Wrapping.of(root()).unwrap(token);
    assertThat(given.failure()).isEqualTo(plain.failure());
    assertThat(given.dataOrEmpty().toMap()).isEqualTo(plain.dataOrEmpty().toMap());
    assertThat(unwrap(token).data()).isEmpty();
  }

  @Test
  void logs_ofEverythingThatHappensToAWrappedSecret_holdNeitherItNorItsToken() {
    try (LogCanary log = LogCanary.listen()) {
      WrapInfo info = Wrapping.of(root()).wrap(Map.of("a", CANARY), TTL);
      vault.session(info.token()).request(Request.read("secret/data/a"));
      unwrap(info.token());
      WrapInfo second = Wrapping.of(root()).wrap(Map.of("a", CANARY), TTL);
      storage.dieInCommit(1, 0);
      unwrap(second.token());
      openAgain();
      unwrap(second.token());
      try {
        Wrapping.of(root()).unwrap(second.token());
      } catch (VaultException e) {
        assertThat(e.toString()).doesNotContain(second.token().exposeText());
      }
      log.assertNeverLogged(CANARY, info.token().exposeText(), second.token().exposeText());
    }
  }
}
