import org.jspecify.annotations.NullMarked;

/** The Vault HTTP API over a vault. */
@NullMarked
module dev.strongroom.http {
  requires transitive dev.strongroom;
  requires com.fasterxml.jackson.core;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.util;
  requires static transitive org.jspecify;

  exports dev.strongroom.http;
}
