package dev.strongroom;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.Change.Kind;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChangeTest {
  @Test
  void create_withoutAPathOrWithAVersionBelowOne_isRefused() {
    assertThatThrownBy(() -> new Change("", Kind.WRITTEN, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Change("notes/a", Kind.WRITTEN, OptionalInt.of(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
