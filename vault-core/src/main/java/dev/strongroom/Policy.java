package dev.strongroom;

import dev.strongroom.internal.policy.PolicyStore;
import java.util.Objects;

/**
 * A policy that the host application declares. It is stored when the vault is unsealed, replaced
 * there when the application declares another text, and cannot be changed by anybody else. A text
 * that is no policy is refused then, not before.
 *
 * @param name lower case, without space around it; not {@code root}, {@code default} or
 *     {@code response-wrapping}
 * @param text HCL or JSON
 */
public record Policy(String name, String text) {
  public Policy {
    Objects.requireNonNull(text, "text");
    boolean canonical = !name.isEmpty() && name.equals(PolicyStore.fold(name));
    if (!canonical) {
      throw new IllegalArgumentException("policy names are lower case, without space around them");
    }
    if (name.equals("root") || name.equals("default") || name.equals("response-wrapping")) {
      throw new IllegalArgumentException("the policy \"" + name + "\" is the vault's own");
    }
  }

  public static Policy of(String name, String text) {
    return new Policy(name, text);
  }
}
