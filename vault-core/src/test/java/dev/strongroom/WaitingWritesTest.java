package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A write that stands in line is decided when its turn comes. */
@Timeout(60)
class WaitingWritesTest {
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("slow", Mount.of(new SlowEngine())));

  @AfterEach
  void close() {
    vault.close();
  }

  /** Its first call waits until the test lets it go on. */
  private final class SlowEngine implements EngineType {
    @Override
    public String name() {
      return "slow";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new SecretEngine() {
        @Override
        public List<Route> routes() {
          return List.of(Route.at("{name}", "Slow.").on(Operation.UPDATE, SlowEngine.this::write));
        }

        @Override
        public List<RecordKind<?>> records() {
          return List.of();
        }
      };
    }

    private Response write(Call call) {
      if (calls.incrementAndGet() == 1) {
        entered.countDown();
        try {
          release.await();
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      return Response.empty();
    }
  }

  private Response waitingWrite(Consumer<Session> meanwhile) throws InterruptedException {
    return waitingWrite(TokenRequest.of("p"), meanwhile);
  }

  private Response waitingWrite(TokenRequest wanted, Consumer<Session> meanwhile)
      throws InterruptedException {
    Policies.of(vault.root()).put("p", "path \"slow/*\" { capabilities = [\"update\"] }");
    ClientToken token = Tokens.of(vault.root()).create(wanted).token().orElseThrow();
    Session caller = vault.vault().session(token);
    Request write = Request.write("slow/a", Map.of());
    Thread first = new Thread(() -> vault.root().request(write));
    first.start();
    entered.await();
    AtomicReference<Response> answer = new AtomicReference<>();
    Thread second = new Thread(() -> answer.set(caller.request(write)));
    second.start();
    while (second.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    meanwhile.accept(caller);
    release.countDown();
    first.join();
    second.join();
    return answer.get();
  }

  @Test
  void write_whoseTokenEndsWhileItWaits_isDenied() throws InterruptedException {
    Response answer = waitingWrite(caller -> Tokens.of(caller).revokeSelf());

    assertThat(answer.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(calls).hasValue(1);
  }

  @Test
  @DisplayName("T-14 a use that was spent does not outlive its token")
  void write_whoseTokenOfManyUsesEndsWhileItWaits_isDenied() throws InterruptedException {
    Response answer = waitingWrite(
        TokenRequest.of("p").withNumUses(9), caller -> Tokens.of(caller).revokeSelf());

    assertThat(answer.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(calls).hasValue(1);
  }

  @Test
  @DisplayName("T-3 a use that was spent is good until it is answered")
  void write_whoseTokenIsUsedUpWhileItWaits_isCarriedOut() throws InterruptedException {
    Response answer = waitingWrite(TokenRequest.of("p").withNumUses(2), caller -> assertThat(
            caller.request(Request.write("slow/b", Map.of())).isFailure())
        .isFalse());

    assertThat(answer.isFailure()).isFalse();
    assertThat(calls).hasValue(3);
  }

  @Test
  void write_whosePolicyOfManyUsesChangesWhileItWaits_isDenied() throws InterruptedException {
    Response answer =
        waitingWrite(TokenRequest.of("p").withNumUses(9), caller -> Policies.of(vault.root())
            .put("p", "# nothing"));

    assertThat(answer.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(calls).hasValue(1);
  }

  @Test
  void write_whosePolicyChangesWhileItWaits_isDenied() throws InterruptedException {
    Response answer = waitingWrite(caller -> Policies.of(vault.root()).put("p", "# nothing"));

    assertThat(answer.failure()).contains(ErrorCode.PERMISSION_DENIED);
    assertThat(calls).hasValue(1);
  }

  @Test
  void write_whoseMountGoesWhileItWaits_findsNone() throws InterruptedException {
    Response answer = waitingWrite(caller -> Mounts.of(vault.root()).unmount("slow"));

    assertThat(answer.isFailure()).isTrue();
    assertThat(calls).hasValue(1);
  }
}
