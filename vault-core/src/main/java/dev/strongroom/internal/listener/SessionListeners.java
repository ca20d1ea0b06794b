package dev.strongroom.internal.listener;

import dev.strongroom.Change;
import dev.strongroom.ErrorCode;
import dev.strongroom.Registration;
import dev.strongroom.VaultException;
import dev.strongroom.internal.policy.Acl;
import dev.strongroom.internal.token.Caller;
import dev.strongroom.request.VaultPath;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The listeners of one session. They have its rights, and end with it. Thread-safe. */
public final class SessionListeners implements AutoCloseable {
  private final Listeners all;
  private final Rights rights;
  private final Executor executor;
  private final Set<Listener> mine = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  SessionListeners(Listeners all, Rights rights, Executor executor) {
    this.all = all;
    this.rights = rights;
    this.executor = executor;
  }

  /** As {@link dev.strongroom.Session#onChange}. */
  public Registration add(String text, Consumer<Change> consumer) {
    String prefix = requirePrefix(text);
    Caller caller =
        rights.caller().filter(found -> Listener.mayRead(found, prefix)).orElseThrow(Acl::denied);
    if (caller.isUseLimited()) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST, "a token whose uses are counted cannot listen");
    }
    Listener listener = new Listener(
        prefix, rights, Objects.requireNonNull(consumer, "listener"), executor, this::remove);
    mine.add(listener);
    all.add(listener);
    if (closed || all.isClosed()) { // it may have been closed before this one was among them
      listener.drop();
      throw new IllegalStateException("the session is closed");
    }
    return listener;
  }

  private void remove(Listener ended) {
    mine.remove(ended);
    all.remove(ended);
  }

  /** A star is what somebody writes who takes the prefix for a pattern, and hears nothing then. */
  private static String requirePrefix(String text) {
    String prefix = VaultPath.parse(text).text();
    if (prefix.isEmpty() || prefix.endsWith("*")) {
      throw new IllegalArgumentException(
          "listen to a path such as secret/data/apps/db, or with a trailing slash to all below it,"
              + " but got \"" + prefix + "\"");
    }
    return prefix;
  }

  /** Ends them. None is running then, unless it is one of them that closes. */
  @Override
  public void close() {
    closed = true;
    mine.forEach(Listener::close);
  }
}
