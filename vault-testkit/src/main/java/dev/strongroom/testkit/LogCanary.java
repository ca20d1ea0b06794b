package dev.strongroom.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what the JVM logs through {@code java.util.logging} and says whether a secret was
 * among it. The vault logs through {@code System.Logger}, which ends there unless the application
 * brings another backend. Thread-safe.
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

  private static final Logger ROOT = Logger.getLogger("");

  /**
   * How many want every level now; the first has raised the root logger's, the last sets it back.
   */
  @GuardedBy("LogCanary.class")
  private static int wantingAll;

  @GuardedBy("LogCanary.class")
  private static @Nullable Level before;

  private final boolean all;
  private final AtomicBoolean open = new AtomicBoolean(true);
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

  private LogCanary(boolean all) {
    this.all = all;
    handler.setLevel(Level.ALL);
    ROOT.addHandler(handler);
    if (all) {
      raiseLevel();
    }
  }

  /** Listens until {@link #close()}. */
  public static LogCanary listen() {
    return new LogCanary(/* all= */ true);
  }

  /** Listens until {@link #close()} to what loggers let through at the levels they have. */
  public static LogCanary listenAtSetLevels() {
    return new LogCanary(/* all= */ false);
  }

  private static synchronized void raiseLevel() {
    if (wantingAll++ == 0) {
      before = ROOT.getLevel();
      ROOT.setLevel(Level.ALL);
    }
  }

  private static synchronized void lowerLevel() {
    if (--wantingAll == 0) {
      ROOT.setLevel(before);
    }
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

  /**
   * Stops listening. The last one that was to hear every level sets the level of the root logger to
   * what it was.
   */
  @Override
  public void close() {
    if (open.getAndSet(false)) {
      ROOT.removeHandler(handler);
      if (all) {
        lowerLevel();
      }
    }
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
