package dev.strongroom.spi;

/**
 * A kind of auth method that a vault can mount below {@code auth/}. Handed to the builder, as
 * engines are. Immutable.
 */
public interface AuthMethodType extends EngineType {

  /** Returns the name under which {@code sys/auth} knows this type, in lower case. */
  @Override
  String name();

  @Override
  AuthMethod create(MountContext context);
}
