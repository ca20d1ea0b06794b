package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.request.Operation;
import dev.strongroom.request.Response;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
  private static final Handler HANDLER = call -> Response.empty();
  private static final Handler OTHER = call -> Response.notFound();

  private final Route route = Route.at("data/{path...}", "A secret.");

  @Test
  void everyMethod_returnsANewRouteAndLeavesTheOldOne() {
    Predicate<Call> exists = call -> true;
    Route full = route
        .field("b", FieldType.TEXT, "b")
        .field("a", FieldType.FLAG, "a")
        .on(Operation.READ, HANDLER)
        .exists(exists)
        .withoutToken()
        .sudo();

    assertThat(full.pattern()).isEqualTo("data/{path...}");
    assertThat(full.help()).isEqualTo("A secret.");
    assertThat(full.fields().keySet()).containsExactly("b", "a");
    assertThat(full.fields().get("a")).isEqualTo(new Route.Field(FieldType.FLAG, "a"));
    assertThat(full.handler(Operation.READ)).contains(HANDLER);
    assertThat(full.existenceTest()).contains(exists);
    assertThat(full.isOpen()).isTrue();
    assertThat(full.needsSudo()).isTrue();
    assertThat(full).hasToString("Route[data/{path...}]");

    assertThat(route.fields()).isEmpty();
    assertThat(route.handler(Operation.READ)).isEmpty();
    assertThat(route.existenceTest()).isEmpty();
    assertThat(route.isOpen()).isFalse();
    assertThat(route.needsSudo()).isFalse();
  }

  @Test
  void fields_cannotBeChanged() {
    assertThat(route.field("a", FieldType.TEXT, "a").fields()).isUnmodifiable();
  }

  @Test
  void handler_ofUpdate_answersCreateUnlessCreateHasItsOwn() {
    Route update = route.on(Operation.UPDATE, HANDLER);

    assertThat(update.handler(Operation.CREATE)).contains(HANDLER);
    assertThat(update.on(Operation.CREATE, OTHER).handler(Operation.CREATE)).contains(OTHER);
    assertThat(route.on(Operation.CREATE, OTHER).handler(Operation.UPDATE)).isEmpty();
    assertThat(update.handler(Operation.PATCH)).isEmpty();
  }

  @Test
  void aSecondDeclaration_isRefused() {
    assertThatThrownBy(
            () -> route.field("a", FieldType.TEXT, "a").field("a", FieldType.FLAG, "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("field a is declared twice");
    assertThatThrownBy(() -> route.on(Operation.READ, HANDLER).on(Operation.READ, OTHER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("READ is answered twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "}",
        "{}",
        "{...}",
        "a{b}",
        "{a}b",
        "{a",
        "a/{b}/{c",
        "{a b}",
        "{a..}",
        "{{a}}"
      })
  void at_aSegmentThatIsNeitherTextNorName_isRefused(String pattern) {
    assertThatThrownBy(() -> Route.at(pattern, "help"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a segment is text, {name} or {name...}, but got ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{a...}/{b...}", "{a}/{a}", "x/{a}/{a...}"})
  void at_namesThatCannotBeToldApart_isRefused(String pattern) {
    assertThatThrownBy(() -> Route.at(pattern, "help"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "names are unique, and at most one stands for any number of segments: " + pattern);
  }
}
