import org.jspecify.annotations.NullMarked;

/** The {@code strongroom} command: what operators do with a vault beside its application. */
@NullMarked
module dev.strongroom.cli {
  requires dev.strongroom;
  requires dev.strongroom.storage.sqlite;
  requires info.picocli;
  requires java.net.http;
  requires static org.jspecify;

  opens dev.strongroom.cli to
      info.picocli;
}
