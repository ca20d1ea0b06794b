import org.jspecify.annotations.NullMarked;

/**
 * The core of Strongroom, a secrets vault that Java applications embed: seal, barrier, tokens,
 * policies, mounts, and the interfaces of engines and storage.
 */
@NullMarked
module dev.strongroom {
  requires com.fasterxml.jackson.core;
  requires com.github.benmanes.caffeine;
  requires org.bouncycastle.provider;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.strongroom;
  exports dev.strongroom.request;
  exports dev.strongroom.secret;
  exports dev.strongroom.spi;
}
