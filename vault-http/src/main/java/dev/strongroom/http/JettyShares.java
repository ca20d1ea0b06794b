package dev.strongroom.http;

import dev.strongroom.spi.Cidr;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.eclipse.jetty.io.SelectorManager;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections of a client that has its share of them, before anything of them is read or
 * kept. Thread-safe.
 */
final class JettyShares implements SelectorManager.AcceptListener {
  private static final Logger LOG = System.getLogger("dev.strongroom.http");

  private final int most;
  private final Predicate<InetAddress> exempt;
  private final Runnable whenRefused;
  private final Map<SelectableChannel, Cidr> open = new ConcurrentHashMap<>();
  private final Map<Cidr, Integer> counts = new ConcurrentHashMap<>();

  /**
   * Begins without connections.
   *
   * @param most open at the same time, of one client
   * @param exempt who may have any number
   */
  JettyShares(int most, Predicate<InetAddress> exempt, Runnable whenRefused) {
    this.most = most;
    this.exempt = exempt;
    this.whenRefused = whenRefused;
  }

  @Override
  public void onAccepting(SelectableChannel channel) {
    InetAddress address = address(channel);
    if (address == null || exempt.test(address)) {
      return;
    }
    Cidr client = Cidr.ofClient(address);
    open.put(channel, client);
    if (counts.merge(client, 1, Integer::sum) > most) {
      whenRefused.run();
      close(channel);
    }
  }

  @Override
  public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
    onClosed(channel);
  }

  @Override
  public void onClosed(SelectableChannel channel) {
    Cidr client = open.remove(channel);
    if (client != null) {
      counts.computeIfPresent(client, (block, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Null if it is closed already. */
  private static @Nullable InetAddress address(SelectableChannel channel) {
    try {
      return channel instanceof SocketChannel socket
              && socket.getRemoteAddress() instanceof InetSocketAddress remote
          ? remote.getAddress()
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private void close(SelectableChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a connection too many could not be closed", e);
    }
    onClosed(channel);
  }
}
