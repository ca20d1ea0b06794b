package dev.strongroom.http;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Leaves no second copy of its bytes behind: not when it grows, nor when it is taken. */
final class WipedBuffer extends ByteArrayOutputStream {
  WipedBuffer(int size) {
    super(size);
  }

  @Override
  public synchronized void write(int b) {
    makeRoom(1);
    super.write(b);
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    makeRoom(length);
    super.write(bytes, from, length);
  }

  private void makeRoom(int more) {
    if (more > buf.length - count) {
      byte[] before = buf;
      buf = Arrays.copyOf(before, Math.max(count + more, 2 * before.length));
      Arrays.fill(before, (byte) 0);
    }
  }

  /** Returns what was written; the buffer is of no use then. */
  byte[] takeBytes() {
    byte[] bytes = toByteArray();
    Arrays.fill(buf, (byte) 0);
    return bytes;
  }
}
