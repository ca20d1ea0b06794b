package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Vault;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a handler may rely on when it uses its call's storage. */
class StorageTest {
  private static final RecordKind<byte[]> SECRET = RecordKind.secretTree("secret");

  private final AtomicInteger calls = new AtomicInteger();
  private Handler handler = call -> Response.empty();
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("test", Mount.of(new TestEngine())));

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void put_secretBytes_areWipedWhenTheCallHasEnded() {
    byte[] first = {1, 2, 3};
    byte[] second = {4, 5, 6};
    handler = call -> {
      call.storage().put(SECRET.at("a"), first);
      call.storage().put(SECRET.at("a"), second);
      assertThat(call.storage().get(SECRET.at("a")).orElseThrow()).containsExactly(4, 5, 6);
      return Response.empty();
    };

    assertThat(ask(Operation.UPDATE).isFailure()).isFalse();

    assertThat(first).containsOnly(0);
    assertThat(second).containsOnly(0);
    handler = call -> {
      assertThat(call.storage().get(SECRET.at("a")).orElseThrow()).containsExactly(4, 5, 6);
      return Response.of(Payload.empty());
    };
    assertThat(ask(Operation.READ).isFailure()).isFalse();
  }

  @Test
  void put_secretBytesOfACallThatFails_areWipedToo() {
    byte[] secret = {1, 2, 3};
    handler = call -> {
      call.storage().put(SECRET.at("a"), secret);
      return Response.failure(ErrorCode.INVALID_REQUEST, "refused");
    };

    assertThat(ask(Operation.UPDATE).isFailure()).isTrue();

    assertThat(secret).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "UPDATE"})
  void handler_meetsAMissingRow_isCalledAgain(Operation operation) {
    handler = call -> {
      if (calls.incrementAndGet() < 3) {
        throw new StorageException("missing");
      }
      return Response.of(Payload.empty());
    };

    assertThat(ask(operation).isFailure()).isFalse();
    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "UPDATE"})
  void handler_meetsAMissingRowAgainAndAgain_tellsTheCaller(Operation operation) {
    handler = call -> {
      calls.incrementAndGet();
      throw new StorageException("the row is missing");
    };

    Response response = ask(operation);

    assertThat(response.failure()).contains(ErrorCode.STORAGE_FAILED);
    assertThat(response.errors())
        .containsExactly("the store failed; the log of the vault says why");
    assertThat(calls).hasValue(5);
  }

  private Response ask(Operation operation) {
    return vault.root().request(Request.of(operation, VaultPath.parse("test/x"), Payload.empty()));
  }

  private final class TestEngine implements EngineType {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of(Route.at("x", "A path.")
              .on(Operation.READ, call -> handler.handle(call))
              .on(Operation.UPDATE, call -> handler.handle(call)));
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of(SECRET);
        }
      };
    }
  }
}
