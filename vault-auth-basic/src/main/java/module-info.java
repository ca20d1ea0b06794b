import org.jspecify.annotations.NullMarked;

/** Logins with user names and passwords, and AppRole: role ids and secret ids. */
@NullMarked
module dev.strongroom.auth.basic {
  requires transitive dev.strongroom;
  requires org.bouncycastle.provider;
  requires static transitive org.jspecify;

  exports dev.strongroom.auth.basic;
}
