package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootGenerationTest {
  private final VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final Vault vault = Vault.builder()
      .storage(InMemoryStorage.create())
      .time(time)
      .allowCeremoniesWithoutToken()
      .open();
  private final InitialKeys keys = vault.initialize(new KeyShares(3, 2));
  private final List<KeyShare> shares = keys.shares();
  private final Session root = vault.session(keys.rootToken());

  @BeforeEach
  void open() {
    shares.subList(0, 2).forEach(vault::unseal);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private Response write(String path, Map<String, ?> body) {
    return root.request(Request.write(path, body));
  }

  @Test
  void host_withEnoughShares_getsARootToken() {
    Tokens.of(root).revokeSelf();
    RootGeneration generation = vault.generateRoot();
    assertThat(generation.required()).isEqualTo(2);
    assertThat(generation.give(shares.get(2))).isEmpty();
    assertThat(generation.given()).isEqualTo(1);

    ClientToken token = generation.give(shares.get(0)).orElseThrow();

    Tokens.TokenInfo info = Tokens.of(vault.session(token)).lookupSelf();
    assertThat(info.policies()).containsExactly("root");
    assertThat(info.path()).isEqualTo("auth/token/root");
    assertThat(info.orphan()).isTrue();
    assertThat(info.expiresAt()).isEmpty();
    assertThatThrownBy(generation::given).hasMessageContaining("has ended");
  }

  @Test
  void session_joinedByAnother_getsTheTokenUnderItsPad() {
    KeyCeremonies ceremonies = KeyCeremonies.of(root);
    RootGeneration begun = ceremonies.generateRoot();
    String nonce = KeyCeremonies.of(root).currentRootGeneration().orElseThrow();
    assertThat(nonce).isEqualTo(begun.nonce());
    assertThat(begun.give(shares.get(0))).isEmpty();
    assertThat(begun.given()).isEqualTo(1);
    assertThat(begun.required()).isEqualTo(2);

    String encoded =
        KeyCeremonies.of(root).giveForRootToken(nonce, shares.get(1)).orElseThrow();

    ClientToken token = begun.decode(encoded);
    assertThat(Tokens.of(vault.session(token)).lookupSelf().policies()).containsExactly("root");
    assertThat(ceremonies.currentRootGeneration()).isEmpty();
    assertThatThrownBy(() -> begun.decode("AAAA")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void give_wrongShares_forgetsThemAndGoesOn() {
    RootGeneration generation = vault.generateRoot();
    generation.give(shares.get(0));
    byte[] wrong = shares.get(1).exposeBytes();
    wrong[0]++;

    assertThatThrownBy(() -> generation.give(KeyShare.copyOf(wrong)))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining("root generation aborted");

    assertThat(generation.given()).isZero();
    generation.give(shares.get(1));
    assertThat(generation.give(shares.get(2))).isPresent();
  }

  @Test
  void give_theSameShareTwice_isRefused() {
    RootGeneration generation = vault.generateRoot();
    generation.give(shares.get(0));

    assertThatThrownBy(() -> generation.give(shares.get(0)))
        .hasMessage("given key has already been provided during this generation operation");
    assertThat(generation.given()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"15, key is shorter than minimum 16", "34, key is longer than maximum 33"})
  void give_shareOfAnotherLength_isRefused(int length, String message) {
    RootGeneration generation = vault.generateRoot();

    assertThatThrownBy(() -> generation.give(KeyShare.copyOf(new byte[length])))
        .hasMessageContaining(message);
  }

  @Test
  void generation_sealedOrOlderThanADayOrCancelled_hasEnded() {
    RootGeneration old = vault.generateRoot();
    old.give(shares.get(0));
    time.advance(Duration.ofHours(24));
    assertThatThrownBy(() -> old.give(shares.get(1))).hasMessage("no root generation in progress");

    RootGeneration cancelled = vault.generateRoot();
    cancelled.cancel();
    cancelled.cancel();
    assertThatThrownBy(() -> cancelled.give(shares.get(1)))
        .hasMessage("no root generation in progress");

    vault.generateRoot().give(shares.get(0));
    vault.seal();
    open();
    assertThat(KeyCeremonies.of(root).currentRootGeneration()).isEmpty();
    assertThat(vault.generateRoot().given()).isZero();
  }

  @Test
  void generation_whileOneIsUnderWay_isRefused() {
    vault.generateRoot();

    assertThatThrownBy(vault::generateRoot)
        .hasMessage("root generation already in progress for this namespace");
  }

  @Test
  void generation_withSharesThatWait_confirmsThem() {
    Rekey rekey = vault.rekey(new KeyShares(1, 1));
    rekey.give(shares.get(0));
    KeyShare fresh = rekey.give(shares.get(1)).orElseThrow().get(0);
    RootGeneration generation = vault.generateRoot();
    // A single share may be the new key, but two old ones count as well.
    assertThat(generation.give(fresh)).isPresent();

    assertThat(vault.sealStatus().shares()).contains(new KeyShares(1, 1));
    assertThat(rekey.verify(fresh)).isTrue();
    vault.seal();
    assertThatThrownBy(() -> shares.subList(0, 2).forEach(vault::unseal))
        .isInstanceOf(VaultException.class);
    assertThat(vault.unseal(fresh).sealed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "0123456789abcdefghijklmnopq",
        "0123456789abcdefghijklmno ",
        "0123456789abcdefghijklmnoä"
      })
  void begin_padThatDoesNotFit_isRefused(String pad) {
    Response response = write("sys/generate-root-token/attempt", Map.of("otp", pad));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly("OTP string has incorrect length");
  }

  @Test
  void begin_withPgp_isRefused() {
    assertThat(write("sys/generate-root-token/attempt", Map.of("pgp_key", "mQENBF"))
            .errors()
            .get(0))
        .contains("pgp_key is not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sys/generate-root/", "sys/generate-root-token/"})
  void request_withItsOwnPad_isAnsweredAsTheReference(String path) {
    String pad = "0123456789abcdefghijklmnop";
    Payload begun = write(path + "attempt", Map.of("otp", pad)).orThrow().dataOrEmpty();
    String nonce = begun.text("nonce").orElseThrow();
    assertThat(begun.text("otp")).contains("");
    assertThat(write(path + "update", Map.of("nonce", nonce)).errors())
        .containsExactly("'key' must be specified in request body as JSON");
    assertThat(write(path + "update", Map.of("key", shares.get(0).exposeHex(), "nonce", "x"))
            .errors())
        .containsExactly("incorrect nonce supplied; nonce for this root generation operation is \""
            + nonce + "\"");
    write(path + "update", Map.of("key", shares.get(0).exposeHex(), "nonce", nonce))
        .orThrow();

    Payload last = write(
            path + "update", Map.of("key", shares.get(1).exposeBase64(), "nonce", nonce))
        .orThrow()
        .dataOrEmpty();

    assertThat(last.flag("complete")).contains(true);
    String token = write(
            "sys/decode-token",
            Map.of("encoded_token", last.text("encoded_token").orElseThrow(), "otp", pad))
        .orThrow()
        .dataOrEmpty()
        .text("token")
        .orElseThrow();
    assertThat(Tokens.of(vault.session(ClientToken.parse(token))).lookupSelf().policies())
        .containsExactly("root");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "\"\" | x | provided 'encoded_token' or 'otp' is empty",
        "x | \"\" | provided 'encoded_token' or 'otp' is empty",
        "!!! | abc | the encoded token is not base64",
        "AAAA | ab | the otp is not as long as the token",
        "AAAA | \"~ ~\" | tokens consist of printable ASCII characters"
      })
  void decode_whatDoesNotBelongTogether_isRefused(String encoded, String pad, String message) {
    Response response = write("sys/decode-token", Map.of("encoded_token", encoded, "otp", pad));

    assertThat(response.failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(response.errors()).containsExactly(message);
  }

  @Test
  void decode_theExampleOfTheReference_isItsToken() {
    Map<String, String> example = Map.of(
        "encoded_token", "Qx93a3V4Znt9fDkjLjQpIyIwKCc7IChfXUM",
        "otp", "0123456789abcdefghijklmnop");

    assertThat(write("sys/decode-token", example).orThrow().dataOrEmpty().text("token"))
        .contains("s.EXAMPLEEXAMPLEEXAMPLE123");
  }
}
