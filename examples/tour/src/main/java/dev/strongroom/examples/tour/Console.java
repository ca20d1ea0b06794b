package dev.strongroom.examples.tour;

import dev.strongroom.VaultException;
import java.io.PrintStream;

/** Where the story is told. */
final class Console {
  private static final PrintStream OUT = System.out;

  private static int chapters;

  private Console() {}

  static void chapter(String title) {
    String numbered = ++chapters + ". " + title;
    OUT.println();
    OUT.println(numbered);
    OUT.println("-".repeat(numbered.length()));
  }

  static void say(String text) {
    OUT.println(text.indent(2).stripTrailing());
  }

  /** Shows that something goes on. */
  static void progress(String what, long done, long of) {
    OUT.print("\r  " + what + " " + "#".repeat((int) done) + ".".repeat((int) (of - done)) + " ");
    if (done == of) {
      OUT.println();
    }
    OUT.flush();
  }

  /** Returns what came of an attempt, in a line. */
  static String outcome(Runnable attempt) {
    try {
      attempt.run();
      return "it worked";
    } catch (VaultException e) {
      return e.code() + ", \"" + e.getMessage() + "\"";
    }
  }

  /** Ends the tour if it shows something else than it tells. */
  static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("this is not so: " + what);
    }
  }
}
