import org.jspecify.annotations.NullMarked;

/** The {@code strongroom} command: what operators do with files of a vault, without a vault. */
@NullMarked
module dev.strongroom.cli {
  requires dev.strongroom;
  requires info.picocli;
  requires static org.jspecify;

  opens dev.strongroom.cli to
      info.picocli;
}
