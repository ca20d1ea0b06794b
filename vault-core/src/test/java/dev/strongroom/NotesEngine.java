package dev.strongroom;

import dev.strongroom.Change.Kind;
import dev.strongroom.request.Operation;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Response;
import dev.strongroom.spi.Call;
import dev.strongroom.spi.EngineType;
import dev.strongroom.spi.FieldType;
import dev.strongroom.spi.MountContext;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.Route;
import dev.strongroom.spi.SecretEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The smallest engine that is one: notes at paths. Counts its calls, so that a test can tell
 * whether it ran.
 */
final class NotesEngine implements EngineType {
  private static final RecordKind<byte[]> NOTE = RecordKind.secretTree("note");

  /** How often an existence test or a handler was called. */
  final AtomicInteger calls = new AtomicInteger();

  /** What a handler does before its work; for races that a test wants to happen. */
  Runnable beforeWork = () -> {};

  @Override
  public String name() {
    return "notes";
  }

  @Override
  public SecretEngine create(MountContext context) {
    return new SecretEngine() {
      @Override
      public List<Route> routes() {
        return List.of(
            Route.at("failing", "Fails with its own secret in the text.")
                .on(Operation.READ, call -> {
                  throw new IllegalStateException("CANARY-7f3a");
                }),
            Route.at("sudo", "Needs sudo.")
                .sudo()
                .on(Operation.READ, call -> Response.of(Payload.of(Map.of("ok", true)))),
            Route.at("more/{path...}", "Lists more than keys.")
                .on(
                    Operation.LIST,
                    call -> Response.of(Payload.of(Map.of("keys", List.of("a"), "owner", "x")))),
            Route.at("change/{how}", "Says that it changes something, and does not.")
                .on(Operation.READ, this::change)
                .on(Operation.UPDATE, this::change),
            Route.at("count/{name}", "Counts up.").on(Operation.UPDATE, NotesEngine.this::count),
            Route.at("{path...}", "A note.")
                .field("text", FieldType.TEXT, "The note.")
                .exists(call -> read(call).isPresent())
                .on(Operation.READ, call -> read(call)
                    .map(text -> Response.of(Payload.of(Map.of("text", text))))
                    .orElse(Response.empty()))
                .on(Operation.UPDATE, NotesEngine.this::write)
                .on(Operation.DELETE, call -> {
                  call.storage().delete(NOTE.at(call.captured("path")));
                  call.changed(Kind.REMOVED, call.captured("path"), OptionalInt.empty());
                  return Response.empty();
                })
                .on(Operation.LIST, call -> {
                  List<String> names = call.storage().list(NOTE, call.captured("path"));
                  return names.isEmpty()
                      ? Response.empty()
                      : Response.of(Payload.of(Map.of("keys", names)));
                }));
      }

      private Response change(Call call) {
        String how = call.captured("how");
        call.changed(
            how.equals("missed") ? Kind.MISSED : Kind.WRITTEN, "change", OptionalInt.empty());
        if (how.equals("refused")) {
          call.storage().put(NOTE.at("change"), new byte[1]);
          return Response.failure(ErrorCode.INVALID_REQUEST, "refused");
        }
        return Response.empty();
      }

      @Override
      public List<RecordKind<?>> records() {
        return List.of(NOTE);
      }
    };
  }

  private Optional<String> read(Call call) {
    calls.incrementAndGet();
    return call.storage()
        .get(NOTE.at(call.captured("path")))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private Response write(Call call) {
    calls.incrementAndGet();
    beforeWork.run();
    call.storage()
        .put(
            NOTE.at(call.captured("path")),
            call.text("text").orElse("").getBytes(StandardCharsets.UTF_8));
    call.changed(Kind.WRITTEN, call.captured("path"), OptionalInt.empty());
    return Response.empty();
  }

  private Response count(Call call) {
    calls.incrementAndGet();
    int before = call.storage()
        .get(NOTE.at("count/" + call.captured("name")))
        .map(bytes -> Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)))
        .orElse(0);
    beforeWork.run();
    call.storage()
        .put(
            NOTE.at("count/" + call.captured("name")),
            Integer.toString(before + 1).getBytes(StandardCharsets.UTF_8));
    call.changed(Kind.WRITTEN, "count/" + call.captured("name"), OptionalInt.of(before + 1));
    return Response.of(Payload.of(Map.of("count", before + 1)));
  }
}
