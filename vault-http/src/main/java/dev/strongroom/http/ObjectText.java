package dev.strongroom.http;

import dev.strongroom.request.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * A JSON object that is put together from others, which are copied and not parsed. Their members
 * must have different names. For one thread.
 */
final class ObjectText {
  private final Buffer out = new Buffer();
  private boolean filled;

  ObjectText() {
    out.write('{');
  }

  /** Adds all members of a JSON object. */
  ObjectText members(byte[] object) {
    if (object.length > 2) {
      separate();
      out.write(object, 1, object.length - 2);
    }
    return this;
  }

  ObjectText members(Map<String, ?> members) {
    return members(Payload.of(members).toJson());
  }

  /**
   * Adds one member.
   *
   * @param name without anything that JSON escapes
   * @param json any value
   */
  ObjectText member(String name, byte[] json) {
    separate();
    out.write('"');
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write('"');
    out.write(':');
    out.writeBytes(json);
    return this;
  }

  /** Returns the object; nothing can be added then. */
  byte[] toJson() {
    out.write('}');
    return out.takeBytes();
  }

  private void separate() {
    if (filled) {
      out.write(',');
    }
    filled = true;
  }

  /** Hands out its bytes without leaving a second copy behind. */
  private static final class Buffer extends ByteArrayOutputStream {
    Buffer() {
      super(1024);
    }

    byte[] takeBytes() {
      byte[] bytes = toByteArray();
      Arrays.fill(buf, (byte) 0);
      return bytes;
    }
  }
}
