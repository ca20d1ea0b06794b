package dev.strongroom.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.eclipse.jetty.io.Content;

/**
 * Collects a body as it arrives, without a thread that waits for it. What arrives is copied at once
 * into one array: kept as they are, bytes that somebody sends one by one take two hundred times
 * their size, and time that grows with their square.
 */
final class JettyBody implements Runnable {
  private static final int FIRST_BYTES = 1024;

  private final Content.Source source;
  private final int limit;
  private final Receiver receiver;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int count;

  private JettyBody(Content.Source source, int limit, Receiver receiver) {
    this.source = source;
    this.limit = limit;
    this.receiver = receiver;
  }

  /** Who is told once, whatever happens. */
  interface Receiver {
    void received(byte[] body);

    void tooLong();

    void failed(Throwable failure);
  }

  /** Reads to the end, or until there are more than {@code limit} bytes. */
  static void read(Content.Source source, int limit, Receiver receiver) {
    new JettyBody(source, limit, receiver).run();
  }

  @Override
  public void run() {
    Content.Chunk chunk = source.read();
    while (chunk != null) {
      if (Content.Chunk.isFailure(chunk)) {
        wipe();
        receiver.failed(chunk.getFailure());
        return;
      }
      boolean fits = take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (!fits) {
        wipe();
        receiver.tooLong();
        return;
      }
      if (last) {
        byte[] body = Arrays.copyOf(bytes, count);
        wipe();
        receiver.received(body);
        return;
      }
      chunk = source.read();
    }
    source.demand(this);
  }

  private boolean take(ByteBuffer buffer) {
    int more = buffer.remaining();
    if (more > limit - count) {
      return false;
    }
    if (count + more > bytes.length) {
      byte[] before = bytes;
      bytes = Arrays.copyOf(before, Math.max(count + more, Math.min(limit, 2 * before.length)));
      Arrays.fill(before, (byte) 0);
    }
    buffer.get(bytes, count, more);
    count += more;
    return true;
  }

  private void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
