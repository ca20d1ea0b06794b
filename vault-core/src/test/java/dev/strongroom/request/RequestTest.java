package dev.strongroom.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTest {
  static Stream<Arguments> factories() {
    Map<String, Object> members = Map.of("a", 1);
    return Stream.of(
        arguments(Request.read("/s/a"), "READ s/a", 0),
        arguments(Request.write("s/a", members), "UPDATE s/a", 1),
        arguments(Request.patch("s/a", members), "PATCH s/a", 1),
        arguments(Request.delete("s/a"), "DELETE s/a", 0),
        arguments(Request.list("s/a"), "LIST s/a/", 0),
        arguments(Request.list("s/a/"), "LIST s/a/", 0),
        arguments(Request.scan(""), "SCAN ", 0),
        arguments(Request.help("s/a/"), "HELP s/a/", 0));
  }

  @ParameterizedTest
  @MethodSource("factories")
  void factory_namesOperationAndPathAndPrintsNoParameter(
      Request request, String printed, int parameters) {
    assertThat(request).hasToString(printed);
    assertThat(request.payload().toMap()).hasSize(parameters);
    assertThat(request.operation() + " " + request.path()).isEqualTo(printed);
  }

  @ParameterizedTest
  @EnumSource(names = {"CREATE", "UPDATE", "PATCH"})
  void of_aWriteToAFolder_isRefused(Operation operation) {
    assertThatThrownBy(() -> Request.of(operation, VaultPath.parse("s/a/"), Payload.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot write to a path ending in '/'");
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CREATE", "UPDATE", "PATCH"},
      mode = Mode.EXCLUDE)
  void of_anythingElseOnAFolder_isAccepted(Operation operation) {
    assertThat(Request.of(operation, VaultPath.parse("s/a/"), Payload.empty())
            .path()
            .text())
        .isEqualTo("s/a/");
  }

  @Test
  void factory_aPathThatIsNotCanonical_isRefused() {
    assertThatThrownBy(() -> Request.read("a/../b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("relative paths not supported");
  }

  @Test
  void with_aParameter_addsOrReplacesItInANewRequest() {
    Request request = Request.write("s/a", Map.of("a", 1));

    assertThat(request.with("b", "x").with("a", null).payload().toJson())
        .asString()
        .isEqualTo("{\"a\":null,\"b\":\"x\"}");
    assertThat(request.payload().get("a")).contains(1);
  }

  @ParameterizedTest
  @CsvSource({
    "READ, false, false",
    "CREATE, true, false",
    "UPDATE, true, false",
    "PATCH, true, false",
    "DELETE, true, false",
    "LIST, false, true",
    "SCAN, false, true",
    "HELP, false, false"
  })
  void operation_writesOrLists(Operation operation, boolean writes, boolean lists) {
    assertThat(operation.writes()).isEqualTo(writes);
    assertThat(operation.lists()).isEqualTo(lists);
  }

  @Test
  void wrapped_aTtl_staysWithEverythingThatIsMadeOfTheRequest() {
    Request wrapped = Request.read("s/a").wrapped(Duration.ofMinutes(5));

    assertThat(wrapped.with("version", 1).wrapTtl()).contains(Duration.ofMinutes(5));
    assertThat(wrapped.with(Payload.empty()).wrapTtl()).contains(Duration.ofMinutes(5));
    assertThat(wrapped).hasToString("READ s/a");
    assertThat(Request.read("s/a").wrapTtl()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT-1S, requested wrap ttl cannot be negative",
    "PT0S, 'requested wrap ttl must be whole seconds, from 1 to 9223372036'",
    "PT0.5S, 'requested wrap ttl must be whole seconds, from 1 to 9223372036'",
    "PT9223372037S, 'requested wrap ttl must be whole seconds, from 1 to 9223372036'"
  })
  void wrapped_noLifetimeOfAToken_isRefused(Duration ttl, String message) {
    assertThatThrownBy(() -> Request.read("s/a").wrapped(ttl))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void wrapped_theLongest_isTaken() {
    Duration longest = Duration.ofSeconds(9_223_372_036L);
    assertThat(Request.read("s/a").wrapped(longest).wrapTtl()).contains(longest);
  }
}
