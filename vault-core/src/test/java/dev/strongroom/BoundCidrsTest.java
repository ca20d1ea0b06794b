package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Origin;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.spi.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundCidrsTest {
  private static final Cidr TEN = Cidr.parse("10.0.0.0/8");
  private static final Request SELF = Request.read("auth/token/lookup-self");

  private final InMemoryVault vault = Vault.inMemory();
  private final Tokens root = Tokens.of(vault.root());

  BoundCidrsTest() {
    Policies.of(vault.root())
        .put("maker", "path \"auth/token/*\" { capabilities = [\"update\", \"read\"] }");
    root.putRole("bound", TokenRole.of("maker").withBoundCidrs(TEN, Cidr.parse("2001:db8::/32")));
    root.putRole("narrow", TokenRole.of("maker").withBoundCidrs(Cidr.parse("10.1.0.0/16")));
    root.putRole("wide", TokenRole.of("maker").withBoundCidrs(Cidr.parse("0.0.0.0/0")));
    root.putRole("elsewhere", TokenRole.of("maker").withBoundCidrs(Cidr.parse("11.0.0.0/8")));
    root.putRole("free", TokenRole.of("maker"));
    root.putRole("orphans", TokenRole.of("maker").asOrphan());
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private static Origin at(String address) {
    try {
      return Origin.of(InetAddress.getAllByName(address)[0], 4711);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Auth bound(TokenType type) {
    TokenRequest wanted = TokenRequest.of().withRole("bound");
    return root.create(type == TokenType.BATCH ? wanted.asBatch() : wanted);
  }

  private Session session(Auth auth) {
    return vault.vault().session(auth.token().orElseThrow());
  }

  private static void assertDenied(Response response) {
    assertThat(response.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(response.errors()).containsExactly("permission denied");
  }

  @ParameterizedTest
  @EnumSource(TokenType.class)
  void boundToken_isGoodFromItsAddressesOnly_whateverWasRemembered(TokenType type) {
    Session session = session(bound(type));

    assertThat(session.request(SELF.from(at("10.9.9.9"))).isFailure()).isFalse();
    assertDenied(session.request(SELF.from(at("11.0.0.1"))));
    assertThat(session.request(SELF.from(at("2001:db8::7"))).isFailure()).isFalse();
    assertDenied(session.request(SELF.from(at("2001:db9::7"))));
    assertThat(session.request(SELF.from(at("::ffff:10.9.9.9"))).isFailure()).isFalse();
    assertDenied(session.request(SELF)); // from inside the process: from nowhere
    assertThat(session.request(SELF.from(at("10.0.0.0"))).isFailure()).isFalse();
  }

  @Test
  void boundToken_writes_areCheckedToo() {
    Session session = session(bound(TokenType.SERVICE));
    Request write = Request.write("auth/token/renew-self", Map.of());

    assertThat(session.request(write.from(at("10.0.0.1"))).isFailure()).isFalse();
    assertDenied(session.request(write.from(at("11.0.0.1"))));
    assertDenied(session.request(write));
  }

  @Test
  void boundToken_fromElsewhere_spendsNoUse() {
    root.putRole("few", TokenRole.of("maker").withBoundCidrs(TEN).withNumUses(1));
    Session session = session(root.create(TokenRequest.of().withRole("few")));

    assertDenied(session.request(SELF.from(at("11.0.0.1"))));
    assertThat(session.request(SELF.from(at("10.0.0.1"))).isFailure()).isFalse();
    assertDenied(session.request(SELF.from(at("10.0.0.1"))));
  }

  @Test
  void boundToken_listener_isRefusedInsideTheProcess() {
    Session session = session(bound(TokenType.SERVICE));

    assertThatThrownBy(() -> session.onChange("notes/", change -> {}))
        .isInstanceOfSatisfying(
            VaultException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
  }

  private Response child(String path) {
    return session(bound(TokenType.SERVICE))
        .request(Request.write("auth/token/" + path, Map.of()).from(at("10.0.0.1")));
  }

  private List<Cidr> boundsOf(Response created) {
    return root.lookup(created.orThrow().auth().orElseThrow().token().orElseThrow())
        .boundCidrs();
  }

  @Test
  void child_hasTheBoundsOfItsParent() {
    assertThat(boundsOf(child("create"))).containsExactly(TEN, Cidr.parse("2001:db8::/32"));
    assertThat(boundsOf(child("create/free"))).containsExactly(TEN, Cidr.parse("2001:db8::/32"));
  }

  @Test
  void child_ofARole_isBoundByBoth() {
    assertThat(boundsOf(child("create/narrow"))).containsExactly(Cidr.parse("10.1.0.0/16"));
    assertThat(boundsOf(child("create/wide"))).containsExactly(TEN);
    assertThat(child("create/elsewhere").errors())
        .containsExactly("the role's token_bound_cidrs hold no address of the caller's token");
  }

  @Test
  void orphan_hasNoParentWhoseBoundsItCouldHave() {
    assertThat(boundsOf(child("create-orphan"))).isEmpty();
    assertThat(boundsOf(child("create/orphans"))).isEmpty();
  }
}
