package dev.strongroom.junit;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VaultExtensionTest {
  @Test
  void policy_thatIsNone_isNamedWithItsPlace() {
    VaultExtension.Builder builder = VaultExtension.builder();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.policy("billing", "\npath \"a\" {"))
        .withMessageStartingWith("billing: failed to parse policy: At 2:");
  }
}
