package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.strongroom.ErrorCode;
import dev.strongroom.InMemoryVault;
import dev.strongroom.Mount;
import dev.strongroom.Vault;
import dev.strongroom.VaultException;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.VaultPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What engines do outside transactions: behind a call, and when something falls due. */
class OutsideWorkTest {
  private static final RecordKind<String> NOTE =
      RecordKind.tree("note", RecordCodec.of(1, (text, out) -> out.text(text), RecordReader::text));

  private final List<Instant> tended = new ArrayList<>();
  private boolean broken;
  private final InMemoryVault vault =
      Vault.inMemory(builder -> builder.mount("outside", Mount.of(new Outside())));

  @AfterEach
  void close() {
    vault.close();
  }

  private final class Outside implements EngineType {
    @Override
    public String name() {
      return "outside";
    }

    @Override
    public SecretEngine create(MountContext context) {
      return new Engine(context);
    }
  }

  private final class Engine implements SecretEngine {
    private final MountContext context;

    Engine(MountContext context) {
      this.context = context;
    }

    @Override
    public List<Route> routes() {
      return List.of(Route.at("notes/{name}", "A note.")
          .field("text", FieldType.TEXT, "What it says.")
          .on(Operation.UPDATE, this::write)
          .on(Operation.READ, call -> call.storage()
              .get(NOTE.at(call.captured("name")))
              .map(text -> Response.of(Payload.of(Map.of("text", text))))
              .orElse(Response.notFound())));
    }

    private Response write(Call call) {
      String name = call.captured("name");
      call.storage().put(NOTE.at(name), "planned");
      String text = call.displayName() + ": " + call.text("text").orElseThrow();
      if (text.endsWith("refused")) {
        throw new VaultException(ErrorCode.INVALID_REQUEST, "not that");
      }
      call.then(() -> {
        String before = context.read(storage -> storage.get(NOTE.at(name)).orElseThrow());
        if (text.endsWith("fails")) {
          throw new VaultException(ErrorCode.OUTSIDE_FAILED, "it failed outside");
        }
        boolean written = context.write(storage -> {
          storage.put(NOTE.at(name), before + ", then " + text);
          return true;
        });
        context.tendSoon();
        return Response.of(Payload.of(Map.of("written", written)));
      });
      return Response.empty();
    }

    @Override
    public List<RecordKind<?>> records() {
      return List.of(NOTE);
    }

    @Override
    public Optional<Instant> tend() {
      tended.add(context.now());
      if (broken) {
        throw new VaultException(ErrorCode.OUTSIDE_FAILED, "it failed outside");
      }
      return Optional.of(context.now().plusSeconds(60));
    }
  }

  private Response write(String text) {
    return vault
        .root()
        .request(Request.of(
            Operation.UPDATE,
            VaultPath.parse("outside/notes/one"),
            Payload.of(Map.of("text", text))));
  }

  private String note() {
    return vault
        .root()
        .request(Request.of(Operation.READ, VaultPath.parse("outside/notes/one"), Payload.empty()))
        .data()
        .orElseThrow()
        .text("text")
        .orElseThrow();
  }

  @Test
  void then_workBehindACall_seesWhatWasWrittenAndAnswers() {
    Response response = write("hello");

    assertThat(response.data().orElseThrow().toMap()).containsEntry("written", true);
    assertThat(note()).isEqualTo("planned, then root: hello");
  }

  @Test
  void then_workThatFails_isTheAnswerAndLeavesWhatTheCallWrote() {
    Response response = write("fails");

    assertThat(response.failure()).contains(ErrorCode.OUTSIDE_FAILED);
    assertThat(note()).isEqualTo("planned");
  }

  @Test
  void then_aCallThatFails_isNotFollowed() {
    write("hello").orThrow();

    assertThat(write("refused").failure()).contains(ErrorCode.INVALID_REQUEST);
    assertThat(note()).isEqualTo("planned, then root: hello");
  }

  @Test
  void tend_runsAtTheMomentsItNames_andWhenItIsAskedFor() {
    vault.time().advance(Duration.ZERO);
    assertThat(tended).hasSize(1);

    vault.time().advance(Duration.ofSeconds(59));
    assertThat(tended).hasSize(1);
    vault.time().advance(Duration.ofSeconds(1));
    assertThat(tended).hasSize(2);

    write("hello").orThrow();
    vault.time().advance(Duration.ZERO);
    assertThat(tended).hasSize(3);
  }

  @Test
  void tend_thatFails_runsAgainAfterPausesThatGrow() {
    broken = true;
    vault.time().advance(Duration.ZERO);
    vault.time().advance(Duration.ofSeconds(1));
    vault.time().advance(Duration.ofSeconds(2));
    vault.time().advance(Duration.ofSeconds(4));
    assertThat(tended).hasSize(4);

    broken = false;
    vault.time().advance(Duration.ofSeconds(8));
    assertThat(tended).hasSize(5);
  }
}
