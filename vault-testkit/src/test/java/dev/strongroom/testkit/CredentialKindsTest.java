package dev.strongroom.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ClientToken;
import dev.strongroom.ErrorCode;
import dev.strongroom.InitialKeys;
import dev.strongroom.KeyShares;
import dev.strongroom.Mount;
import dev.strongroom.Session;
import dev.strongroom.TokenRequest;
import dev.strongroom.Tokens;
import dev.strongroom.Vault;
import dev.strongroom.VirtualTime;
import dev.strongroom.Wrapping;
import dev.strongroom.auth.basic.AppRole;
import dev.strongroom.kv.Kv;
import dev.strongroom.request.Auth;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One kind of credential in the place of another is worth what random text is worth there. */
class CredentialKindsTest {
  private static final String RANDOM = "s.5Kq0pYx2Zc7Vb1Nm4Qw8Er6T";

  /** What somebody may hold. */
  private enum Kind {
    SERVICE_TOKEN,
    BATCH_TOKEN,
    WRAPPING_TOKEN,
    UNSEAL_SHARE,
    UNSEAL_SHARE_BASE64,
    TOKEN_ACCESSOR,
    LEASE_ID,
    ROLE_ID,
    SECRET_ID,
    SECRET_ID_ACCESSOR,
    WRAPPING_ACCESSOR
  }

  /**
   * Where a caller with every right gives a credential as a parameter.
   *
   * @param right kinds that are at home there
   */
  private record Place(String path, String field, Set<Kind> right) {
    Request with(String credential) {
      Request request = Request.write(path, Map.of(field, credential));
      return switch (toString()) {
        case "auth/approle/login secret_id" -> request.with("role_id", "app-role");
        case "sys/capabilities token" -> request.with("path", "secret/a");
        default -> request;
      };
    }

    @Override
    public String toString() {
      return path + " " + field;
    }
  }

  static Stream<Place> places() {
    Set<Kind> tokens = EnumSet.of(Kind.SERVICE_TOKEN, Kind.BATCH_TOKEN, Kind.WRAPPING_TOKEN);
    Set<Kind> accessors = EnumSet.of(Kind.TOKEN_ACCESSOR, Kind.WRAPPING_ACCESSOR);
    return Stream.of(
        new Place("auth/token/lookup", "token", tokens),
        new Place("auth/token/renew", "token", tokens),
        new Place("auth/token/revoke", "token", tokens),
        new Place("auth/token/revoke-orphan", "token", tokens),
        new Place("sys/capabilities", "token", tokens),
        new Place("auth/token/lookup-accessor", "accessor", accessors),
        new Place("auth/token/renew-accessor", "accessor", accessors),
        new Place("auth/token/revoke-accessor", "accessor", accessors),
        new Place("sys/wrapping/lookup", "token", EnumSet.of(Kind.WRAPPING_TOKEN)),
        new Place("sys/wrapping/unwrap", "token", EnumSet.of(Kind.WRAPPING_TOKEN)),
        new Place("sys/wrapping/rewrap", "token", EnumSet.of(Kind.WRAPPING_TOKEN)),
        new Place("sys/leases/lookup", "lease_id", EnumSet.of(Kind.LEASE_ID)),
        new Place("sys/leases/renew", "lease_id", EnumSet.of(Kind.LEASE_ID)),
        new Place("auth/approle/login", "secret_id", EnumSet.of(Kind.SECRET_ID)),
        new Place(
            "auth/approle/role/app/secret-id/lookup", "secret_id", EnumSet.of(Kind.SECRET_ID)),
        new Place(
            "auth/approle/role/app/secret-id-accessor/lookup",
            "secret_id_accessor",
            EnumSet.of(Kind.SECRET_ID_ACCESSOR)));
  }

  private final Map<Kind, String> credentials = new EnumMap<>(Kind.class);
  private Vault vault;
  private Session root;

  @BeforeEach
  void open() {
    VirtualTime time = VirtualTime.at(Instant.parse("2026-01-01T00:00:00Z"));
    vault = Vault.builder()
        .storage(FaultyStorage.inMemory())
        .time(time)
        .mount("secret", Kv.version1())
        .mount("db", Mount.of(new LeasedEngine(new OutsideWorld(time))))
        .auth("approle", AppRole.method())
        .open();
    try (InitialKeys keys = vault.initialize(new KeyShares(1, 1))) {
      credentials.put(Kind.UNSEAL_SHARE, keys.shares().get(0).exposeHex());
      credentials.put(Kind.UNSEAL_SHARE_BASE64, keys.shares().get(0).exposeBase64());
      vault.unseal(keys.shares().get(0));
      root = vault.session(keys.rootToken());
    }
    write("secret/a", Map.of("a", "b"));
    Auth service = Tokens.of(root).create(TokenRequest.of("root"));
    credentials.put(Kind.SERVICE_TOKEN, service.token().orElseThrow().exposeText());
    credentials.put(Kind.TOKEN_ACCESSOR, service.accessor());
    credentials.put(
        Kind.BATCH_TOKEN,
        Tokens.of(root)
            .create(TokenRequest.of("default").asBatch())
            .token()
            .orElseThrow()
            .exposeText());
    var wrapped = Wrapping.of(root).wrap(Map.of("a", "b"), Duration.ofHours(1));
    credentials.put(Kind.WRAPPING_TOKEN, wrapped.token().exposeText());
    credentials.put(Kind.WRAPPING_ACCESSOR, wrapped.accessor());
    write("db/roles/app", Map.of("ttl", "1h"));
    credentials.put(
        Kind.LEASE_ID,
        root.request(Request.read("db/creds/app"))
            .orThrow()
            .lease()
            .orElseThrow()
            .id());
    write("auth/approle/role/app", Map.of("role_id", "app-role"));
    write("sys/auth/approle/tune", Map.of("user_lockout_config", Map.of("lockout_disable", true)));
    credentials.put(Kind.ROLE_ID, "app-role");
    var secretId = write("auth/approle/role/app/secret-id", Map.of()).dataOrEmpty();
    credentials.put(Kind.SECRET_ID, secretId.text("secret_id").orElseThrow());
    credentials.put(Kind.SECRET_ID_ACCESSOR, secretId.text("secret_id_accessor").orElseThrow());
  }

  private Response write(String path, Map<String, ?> members) {
    return root.request(Request.write(path, members)).orThrow();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private String credential(Kind kind) {
    String text = credentials.get(kind);
    assertThat(text).as("%s", kind).isNotEmpty();
    return text;
  }

  @ParameterizedTest
  @EnumSource
  void kind_asTheTokenOfARequest_isDeniedLikeRandomText(Kind kind) {
    if (kind == Kind.SERVICE_TOKEN || kind == Kind.BATCH_TOKEN) {
      return; // are tokens of requests
    }
    Stream.of(
            Request.read("secret/a"),
            Request.read("secret/none"),
            Request.write("secret/b", Map.of("a", "b")),
            Request.list("secret"),
            Request.delete("secret/a"),
            Request.read("nothing/here"),
            Request.help("secret"),
            Request.write("auth/token/create", Map.of()),
            Request.read("db/creds/app"))
        .filter(request -> kind != Kind.WRAPPING_TOKEN || !request.equals(Request.help("secret")))
        .forEach(request -> {
          Response response = as(credential(kind), request);
          Response random = as(RANDOM, request);
          assertThat(random.failure()).contains(ErrorCode.PERMISSION_DENIED);
          assertThat(outcome(response)).as("%s", request).isEqualTo(outcome(random));
        });
    assertThat(root.request(Request.read("secret/a")).isFailure()).isFalse();
  }

  private Response as(String text, Request request) {
    return vault.session(ClientToken.parse(text)).request(request);
  }

  @ParameterizedTest
  @MethodSource("places")
  void otherKind_asAParameter_isWhatRandomTextIs(Place place) {
    String random = outcome(root.request(place.with(RANDOM)));
    for (Kind kind : Kind.values()) {
      if (!place.right.contains(kind)) {
        assertThat(outcome(root.request(place.with(credential(kind)))))
            .as("%s in the place of %s", kind, place.right)
            .isEqualTo(random);
      }
    }
    for (Kind kind : place.right) { // which were therefore real ones
      assertThat(outcome(root.request(place.with(credential(kind)))))
          .as("%s", kind)
          .isNotEqualTo(place.path.contains("revoke") ? "" : random);
    }
  }

  /** A token of one vault is random text to another one. */
  @ParameterizedTest
  @EnumSource(names = {"SERVICE_TOKEN", "BATCH_TOKEN", "WRAPPING_TOKEN"})
  void tokenOfAnotherVault_isDenied(Kind kind) {
    String foreign = credential(kind);
    vault.close();
    open();
    Request request = Request.read("auth/token/lookup-self");
    assertThat(outcome(as(foreign, request))).isEqualTo(outcome(as(RANDOM, request)));
  }

  private static String outcome(Response response) {
    return response.failure().map(Enum::name).orElse("success") + " " + response.errors() + " "
        + response.warnings() + " " + response.data().map(data -> data.toMap().keySet());
  }
}
