package alone;

/** Uses what the module is for, once. */
public final class Door {
  private Door() {}

  public static void main(String[] args) throws Exception {
    // A command, not a library: jars.sh runs it, too.
    Class.forName("dev.strongroom.cli.Strongroom");
  }
}
