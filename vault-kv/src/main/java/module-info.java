import org.jspecify.annotations.NullMarked;

/** Versioned secrets: the KV engine and its typed client. */
@NullMarked
module dev.strongroom.kv {
  requires transitive dev.strongroom;
  requires static transitive org.jspecify;

  exports dev.strongroom.kv;
}
