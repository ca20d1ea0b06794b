package dev.strongroom.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.strongroom.request.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object that is written member by member. Objects in it are copied as they are, not parsed.
 * The names of members are different, and have nothing in them that JSON escapes. For one thread.
 */
final class ObjectText {
  private final WipedBuffer out = new WipedBuffer(1024);
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

  ObjectText text(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  ObjectText flag(String name, boolean value) {
    name(name);
    ascii(Boolean.toString(value));
    return this;
  }

  ObjectText number(String name, long value) {
    name(name);
    ascii(Long.toString(value));
    return this;
  }

  /** Adds an object, or null. */
  ObjectText object(String name, Optional<Payload> value) {
    name(name);
    if (value.isPresent()) {
      byte[] json = value.get().toJson();
      out.writeBytes(json);
      Arrays.fill(json, (byte) 0);
    } else {
      ascii("null");
    }
    return this;
  }

  /** Adds an array, or null instead of an empty one. */
  ObjectText texts(String name, List<String> values) {
    name(name);
    if (values.isEmpty()) {
      ascii("null");
      return this;
    }
    char before = '[';
    for (String value : values) {
      out.write(before);
      quote(value);
      before = ',';
    }
    out.write(']');
    return this;
  }

  /** Returns the object; nothing can be added then. */
  byte[] toJson() {
    out.write('}');
    return out.takeBytes();
  }

  private void name(String name) {
    separate();
    out.write('"');
    ascii(name);
    out.write('"');
    out.write(':');
  }

  private void separate() {
    if (filled) {
      out.write(',');
    }
    filled = true;
  }

  private void quote(String text) {
    out.write('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    out.write('"');
  }

  private void ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
