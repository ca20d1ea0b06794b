package dev.strongroom.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Secrets as somebody types them, not shown, or as another program pipes them: one a line. */
interface SecretInput {
  /** Longest line, in characters. */
  int MAX_LINE = 1024;

  /** Opens it; not before a secret is needed. */
  interface Source {
    SecretInput open() throws IOException;
  }

  /** Returns whether somebody is asked for each line; if not, there are as many as there are. */
  boolean asks();

  /**
   * Returns the next line, which the caller wipes; null at the end.
   *
   * @throws IOException if it is longer than {@value #MAX_LINE} characters or not ASCII
   */
  char @Nullable [] read(String prompt) throws IOException;

  /**
   * Returns the input of this process.
   *
   * @throws IOException if somebody would type, but what is typed would show
   */
  @SuppressWarnings("SystemConsoleNull") // later JDKs are asked by isTerminal
  static SecretInput ofThisProcess() throws IOException {
    Console console = System.console();
    if (console != null && isTerminal(console)) {
      return new Prompt(console);
    }
    if (inputIsTerminal()) {
      throw new IOException("what you type would show, because the output of this command does not"
          + " go to the terminal: pipe the secret to standard input, or let the output be");
    }
    return new Lines(System.in);
  }

  /** From JDK 22 on there is a console even where there is no terminal. */
  private static boolean isTerminal(Console console) {
    try {
      Method method = Console.class.getMethod("isTerminal");
      return (boolean) method.invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Before JDK 22 there is no console either where only the output is not a terminal. */
  private static boolean inputIsTerminal() {
    try {
      Process test = new ProcessBuilder("sh", "-c", "test -t 0")
          .redirectInput(ProcessBuilder.Redirect.INHERIT)
          .redirectErrorStream(true)
          .start();
      return test.waitFor(5, TimeUnit.SECONDS) && test.exitValue() == 0;
    } catch (IOException e) {
      return false; // no shell
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks, and shows nothing of the answer. */
  record Prompt(Console console) implements SecretInput {
    @Override
    public boolean asks() {
      return true;
    }

    @Override
    public char @Nullable [] read(String prompt) throws IOException {
      char[] line = console.readPassword("%s (not shown): ", prompt);
      if (line != null && line.length > MAX_LINE) {
        Arrays.fill(line, '\0');
        throw tooLong();
      }
      return line;
    }
  }

  /** Reads lines; nobody is asked. */
  record Lines(InputStream in) implements SecretInput {
    @Override
    public boolean asks() {
      return false;
    }

    @Override
    public char @Nullable [] read(String prompt) throws IOException {
      char[] line = new char[MAX_LINE];
      try {
        int length = 0;
        int c = in.read();
        if (c < 0) {
          return null;
        }
        for (; c >= 0 && c != '\n'; c = in.read()) {
          if (c > 0x7f) {
            throw new IOException("a line of the input is not ASCII");
          }
          if (length == MAX_LINE) {
            throw tooLong();
          }
          line[length] = (char) c;
          length++;
        }
        return Arrays.copyOf(line, length > 0 && line[length - 1] == '\r' ? length - 1 : length);
      } finally {
        Arrays.fill(line, '\0');
      }
    }
  }

  private static IOException tooLong() {
    return new IOException("a line of the input has more than " + MAX_LINE + " characters");
  }
}
