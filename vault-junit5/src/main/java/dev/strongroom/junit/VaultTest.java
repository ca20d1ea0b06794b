package dev.strongroom.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives every test of a class a vault of its own, with KV version 2 at {@code secret}: parameters
 * as {@link VaultExtension} says. For other engines or seeds by code, register a
 * {@code VaultExtension} in a field instead.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(VaultExtension.class)
public @interface VaultTest {
  /**
   * Class path resources with secrets to begin with, as {@link VaultExtension.Builder#secretsFrom}
   * reads them; looked up as {@link Class#getResource} does, from the test class.
   */
  String[] secrets() default {};

  /** Whether the tests of the class share one vault, which is open before the first of them. */
  boolean perClass() default false;
}
