package dev.strongroom.testkit;

import dev.strongroom.auth.basic.UserPass;
import dev.strongroom.spi.AuthMethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;

/**
 * The auth method {@code userpass} with hashes of 64 KiB: those of 64 MiB, which users get, are
 * most of the time of a scenario, and are tested in {@code vault-auth-basic}. No user can choose
 * this.
 */
final class CheapUserPass {
  private CheapUserPass() {}

  static AuthMethodType method() {
    try {
      Class<?> cost = Class.forName("dev.strongroom.auth.basic.PasswordHash$Cost");
      Constructor<?> newCost = cost.getDeclaredConstructor(int.class, int.class, int.class);
      newCost.setAccessible(true);
      Method method = UserPass.class.getDeclaredMethod("method", cost);
      method.setAccessible(true);
      return (AuthMethodType)
          method.invoke(null, newCost.newInstance(/* memoryKib= */ 64, /* passes= */ 1, 1));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
