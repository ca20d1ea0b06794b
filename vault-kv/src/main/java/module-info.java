import org.jspecify.annotations.NullMarked;

/** Secrets, with versions or without: the KV engine and its typed clients. */
@NullMarked
module dev.strongroom.kv {
  requires transitive dev.strongroom;
  requires static transitive org.jspecify;

  exports dev.strongroom.kv;
}
