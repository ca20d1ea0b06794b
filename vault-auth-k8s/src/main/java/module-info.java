import org.jspecify.annotations.NullMarked;

/** Logins of pods with their Kubernetes service accounts. */
@NullMarked
module dev.strongroom.auth.k8s {
  requires transitive dev.strongroom;
  requires java.net.http;
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.strongroom.auth.k8s;
}
