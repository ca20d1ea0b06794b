package dev.strongroom.testkit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Listens to everything the JVM logs through {@code java.util.logging}, at every level, and says
 * whether a secret was among it. The vault logs through {@code System.Logger}, which ends there
 * unless the application brings another backend. Thread-safe.
 *
 * <pre>{@code
 * try (LogCanary log = LogCanary.listen()) {
 *   ... use the vault ...
 *   log.assertNeverLogged("s3cr3t", token.exposeText());
 * }
 * }</pre>
 */
public final class LogCanary implements AutoCloseable {
  private static final Formatter FORMATTER = new SimpleFormatter();

  private final Logger root = Logger.getLogger("");
  private final @Nullable Level before = root.getLevel();
  private final Queue<String> heard = new ConcurrentLinkedQueue<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord record) {
      heard.add(textOf(record));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  private LogCanary() {
    handler.setLevel(Level.ALL);
    root.addHandler(handler);
    root.setLevel(Level.ALL);
  }

  /** Listens until {@link #close()}. */
  public static LogCanary listen() {
    return new LogCanary();
  }

  /**
   * Fails if one of these texts was logged: in a message, a parameter, or an exception with its
   * causes.
   *
   * @throws AssertionError with what was logged
   */
  public void assertNeverLogged(String... secrets) {
    for (String secret : secrets) {
      heard.stream().filter(text -> text.contains(secret)).findFirst().ifPresent(text -> {
        throw new AssertionError("a secret was logged: " + text);
      });
    }
  }

  /** Stops listening, and sets the level of the root logger to what it was. */
  @Override
  public void close() {
    root.removeHandler(handler);
    root.setLevel(before);
  }

  private static String textOf(LogRecord record) {
    StringWriter text = new StringWriter();
    text.append(record.getLoggerName()).append(": ");
    text.append(FORMATTER.formatMessage(record));
    if (record.getThrown() != null) {
      record.getThrown().printStackTrace(new PrintWriter(text, /* autoFlush= */ true));
    }
    return text.toString();
  }
}
