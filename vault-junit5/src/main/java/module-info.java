import org.jspecify.annotations.NullMarked;

/** A vault for tests with JUnit Jupiter. */
@NullMarked
module dev.strongroom.junit {
  requires transitive dev.strongroom;
  requires transitive dev.strongroom.kv;
  requires transitive dev.strongroom.testkit;
  requires transitive org.junit.jupiter.api;
  requires static dev.strongroom.http;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.strongroom.junit;

  opens dev.strongroom.junit to
      org.junit.platform.commons;
}
