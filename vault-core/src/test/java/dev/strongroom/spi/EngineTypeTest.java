package dev.strongroom.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineTypeTest {
  private final EngineType type = new EngineType() {
    @Override
    public String name() {
      return "notes";
    }

    @Override
    public SecretEngine create(MountContext context) {
      throw new UnsupportedOperationException();
    }
  };

  @Test
  void tune_byDefault_setsReplacesAndRemovesOptions() {
    Map<String, String> options = new HashMap<>(Map.of("a", "1", "b", "2"));

    assertThat(type.tune(options, Map.of("a", "3", "b", "", "c", "4", "d", "")))
        .isEqualTo(Map.of("a", "3", "c", "4"));
    assertThat(type.tune(options, Map.of())).isEqualTo(options);
    assertThat(options).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void tune_aVersion_isRefusedByDefault() {
    for (String version : new String[] {"2", ""}) {
      assertThatThrownBy(() -> type.tune(Map.of(), Map.of("version", version)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("secrets engine \"notes\" does not allow setting a version");
    }
  }

  @Test
  void aliases_byDefault_areNone() {
    assertThat(type.aliases()).isEmpty();
  }
}
