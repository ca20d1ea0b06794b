package dev.strongroom.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * At a parameter of type {@code Session}, {@code KvStore} or {@code ClientToken}: not the root
 * token's, but one of a new token with these policies, which lives for 32 days of the virtual time.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface WithPolicies {
  /**
   * Names of policies, which {@link VaultExtension.Builder#policy} or the test puts into the vault.
   * A name that no policy has allows nothing.
   */
  String[] value();
}
