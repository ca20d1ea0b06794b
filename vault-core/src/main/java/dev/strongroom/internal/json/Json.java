package dev.strongroom.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.BufferRecycler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON objects as maps of {@code String}, {@code Boolean}, {@code Number},
 * {@code List}, {@code Map} and null.
 *
 * <p>Reading is strict (RFC 8259, UTF-8 without byte order mark, one object and nothing after it,
 * no duplicate names, no lone surrogates) and bounded: {@value #MAX_DEPTH} levels,
 * {@value #MAX_NAME_LENGTH} characters a name, {@value #MAX_NUMBER_LENGTH} a number, numbers inside
 * the range of a 64-bit float, {@value #MAX_LENGTH} characters in all, and what
 * {@link HeapEstimate} lets pass. A number keeps its literal. Errors say where, never what: the
 * text may be a secret. Jackson keeps nothing between calls, because its name tables and recycled
 * buffers would keep secret names on the heap. Thread-safe.
 */
public final class Json {
  public static final int MAX_DEPTH = 64;
  static final int MAX_NAME_LENGTH = 1024;
  static final int MAX_NUMBER_LENGTH = 100;
  static final int MAX_LENGTH = 32 * 1024 * 1024;

  /** RFC 8259, section 6: what every number must print, whoever implements it. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final JsonFactory FACTORY = new ForgetfulFactory();

  private Json() {}

  /**
   * Reads text from outside.
   *
   * @throws IllegalArgumentException if it is not a JSON object or exceeds a limit
   */
  public static Map<String, @Nullable Object> parse(byte[] utf8) {
    if (utf8.length > MAX_LENGTH) {
      throw new IllegalArgumentException("JSON is at most " + MAX_LENGTH + " bytes long");
    }
    String text = new String(utf8, StandardCharsets.UTF_8);
    // Malformed bytes become this character, which may also have been there.
    if (text.indexOf('\ufffd') >= 0) {
      requireUtf8(utf8);
    }
    return parse(text);
  }

  private static void requireUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("JSON must be UTF-8", e);
    }
  }

  /** As {@link #parse(byte[])}, for text that is decoded already. */
  public static Map<String, @Nullable Object> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("JSON is at most " + MAX_LENGTH + " characters long");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("expected a JSON object");
      }
      Map<String, @Nullable Object> members = readObject(parser, new HeapEstimate());
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("expected nothing after the JSON object");
      }
      return members;
    } catch (JsonProcessingException e) {
      // Neither the message nor the cause: both quote what they could not read.
      throw new IllegalArgumentException("malformed or too large JSON" + place(e.getLocation()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a value for {@link #write} that is JSON already; {@code utf8} is not copied. */
  public static Object raw(byte[] utf8) {
    return new RawJson(utf8);
  }

  /** Writes a map of the values above; {@link #raw} values are copied as they are. */
  public static byte[] write(Map<String, ?> members) {
    Buffer out = new Buffer();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      writeObject(generator, members);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.takeBytes();
  }

  /** Checks text of any origin: no lone surrogates, which UTF-8 cannot carry. */
  public static String requireText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1))) {
          i++;
        } else {
          throw new IllegalArgumentException("text must not contain lone surrogates");
        }
      }
    }
    return text;
  }

  /** As {@link #requireText(String)}, for a value that counts. */
  public static String requireText(String text, HeapEstimate heap) {
    heap.addText(text.length());
    return requireText(text);
  }

  /** Checks and counts the name of a member: its length, and as {@link #requireText(String)}. */
  public static String requireName(String name, HeapEstimate heap) {
    heap.addName(name.length());
    if (name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "names in JSON objects are at most " + MAX_NAME_LENGTH + " characters long");
    }
    return requireText(name);
  }

  /**
   * Checks and counts a number of any origin and returns it as an immutable one: finite, inside the
   * range of a 64-bit float, and short enough.
   */
  public static Number requireNumber(Number number, HeapEstimate heap) {
    String literal = number.toString();
    heap.addText(literal.length());
    if (number instanceof Integer && literal.length() < 10) { // as the rules below return it
      return number;
    }
    if (literal.length() <= MAX_NUMBER_LENGTH && !NUMBER.matcher(literal).matches()) {
      throw new IllegalArgumentException("numbers in JSON are finite and decimal");
    }
    return number(literal);
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static Map<String, @Nullable Object> readObject(JsonParser parser, HeapEstimate heap)
      throws IOException {
    heap.addObject();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = requireName(parser.currentName(), heap);
      if (members.containsKey(name)) {
        throw new IllegalArgumentException("duplicate name in a JSON object");
      }
      parser.nextToken();
      members.put(name, readValue(parser, heap));
    }
    return Collections.unmodifiableMap(members);
  }

  private static List<@Nullable Object> readArray(JsonParser parser, HeapEstimate heap)
      throws IOException {
    heap.addArray();
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(readValue(parser, heap));
    }
    return Collections.unmodifiableList(elements);
  }

  private static @Nullable Object readValue(JsonParser parser, HeapEstimate heap)
      throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser, heap);
      case START_ARRAY -> readArray(parser, heap);
      case VALUE_STRING -> requireText(parser.getText(), heap);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String literal = parser.getText();
        heap.addText(literal.length());
        yield number(literal);
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        heap.addConstant();
        yield parser.getBooleanValue();
      }
      case VALUE_NULL -> {
        heap.addConstant();
        yield null;
      }
      default -> throw new IllegalArgumentException("malformed JSON");
    };
  }

  /** The Java number that prints {@code literal} again, or one that only carries it. */
  private static Number number(String literal) {
    if (literal.length() > MAX_NUMBER_LENGTH) {
      throw new IllegalArgumentException(
          "numbers in JSON are at most " + MAX_NUMBER_LENGTH + " characters long");
    }
    if (!Double.isFinite(Double.parseDouble(literal))) {
      throw outOfRange();
    }
    Number exact = exactNumber(literal);
    return exact.toString().equals(literal) ? exact : new LiteralNumber(literal);
  }

  private static IllegalArgumentException outOfRange() {
    return new IllegalArgumentException(
        "numbers in JSON must be inside the range of a 64-bit float");
  }

  private static Number exactNumber(String literal) {
    if (literal.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
      try {
        return new BigDecimal(literal);
      } catch (NumberFormatException e) { // an exponent of billions, which a float rounds to zero
        throw outOfRange();
      }
    }
    if (literal.length() < 10) {
      return Integer.valueOf(literal);
    }
    return literal.length() < 19 ? Long.valueOf(literal) : new BigInteger(literal);
  }

  private static void writeObject(JsonGenerator generator, Map<?, ?> members) throws IOException {
    generator.writeStartObject();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      generator.writeFieldName((String) member.getKey());
      writeValue(generator, member.getValue());
    }
    generator.writeEndObject();
  }

  private static void writeValue(JsonGenerator generator, @Nullable Object value)
      throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String text) {
      generator.writeString(text);
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value instanceof Number number) {
      generator.writeNumber(number.toString());
    } else if (value instanceof RawJson raw) {
      generator.writeRawValue(raw);
    } else if (value instanceof Map<?, ?> map) {
      writeObject(generator, map);
    } else if (value instanceof List<?> list) {
      generator.writeStartArray();
      for (Object element : list) {
        writeValue(generator, element);
      }
      generator.writeEndArray();
    } else {
      throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    }
  }

  /**
   * Keeps no names and no buffers, and starts with small buffers: most secrets are a few hundred
   * bytes.
   */
  private static final class ForgetfulFactory extends JsonFactory {
    private static final long serialVersionUID = 1L;

    ForgetfulFactory() {
      super(new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxNestingDepth(MAX_DEPTH)
              .maxNumberLength(MAX_NUMBER_LENGTH)
              .maxStringLength(MAX_LENGTH)
              .build()));
    }

    @Override
    public BufferRecycler _getBufferRecycler() {
      return new SmallBuffers();
    }
  }

  private static final class SmallBuffers extends BufferRecycler {
    // UTF8JsonGenerator copies up to 512 bytes of raw JSON into its buffer without a look at its
    // length.
    private static final int BYTES = 512;
    private static final int CHARS = 256;

    @Override
    protected int byteBufferLength(int purpose) {
      return BYTES;
    }

    @Override
    protected int charBufferLength(int purpose) {
      return CHARS;
    }
  }

  /** Hands out its bytes without leaving a second copy behind. */
  private static final class Buffer extends ByteArrayOutputStream {
    byte[] takeBytes() {
      byte[] bytes = toByteArray();
      Arrays.fill(buf, (byte) 0);
      return bytes;
    }
  }
}
