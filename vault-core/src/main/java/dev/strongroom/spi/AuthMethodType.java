package dev.strongroom.spi;

import dev.strongroom.Beta;

/**
 * A kind of auth method that a vault can mount below {@code auth/}. Handed to the builder, as
 * engines are. Immutable.
 */
@Beta(until = "Kubernetes login uses it")
public interface AuthMethodType extends EngineType {

  /** Returns the name under which {@code sys/auth} knows this type, in lower case. */
  @Override
  String name();

  @Override
  AuthMethod create(MountContext context);
}
