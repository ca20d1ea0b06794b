package dev.strongroom.internal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;

class IdentifiersTest {
  private final Identifiers identifiers = new Identifiers(new SecureRandom());

  @RepeatedTest(20)
  void id_isARandomUuid() {
    UUID id = UUID.fromString(identifiers.id());
    assertThat(id.version()).isEqualTo(4);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id).hasToString(id.toString()).isNotEqualTo(UUID.fromString(identifiers.id()));
  }

  @RepeatedTest(3)
  void name_tellsWhatItIs() {
    assertThat(identifiers.name("entity")).matches("entity_[0-9a-f]{8}\\.root");
  }
}
