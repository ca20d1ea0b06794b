package dev.strongroom.kv;

import dev.strongroom.ErrorCode;
import dev.strongroom.VaultException;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.DurationText;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records to JSON values and back, by name and type, and nothing else: no annotations, no subtypes
 * chosen by the data. Errors name the member, never its value. For one conversion.
 */
final class RecordMapper {
  /** The secrets decoded so far, which are wiped if the conversion fails. */
  private final List<byte[]> decoded = new ArrayList<>();

  private RecordMapper() {}

  /**
   * Returns a copy of a map, all the way down, in values that a payload takes.
   *
   * @throws IllegalArgumentException if a name is not text, or a component of a record is null
   */
  static Map<String, @Nullable Object> toJson(Map<?, ?> members) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    members.forEach((name, value) -> {
      if (!(name instanceof String text)) {
        throw new IllegalArgumentException("the names in a secret are text");
      }
      json.put(text, value(value));
    });
    return json;
  }

  /**
   * As {@link #toJson(Map)}, for the components of a record; an empty {@code Optional} is left out.
   */
  static Map<String, @Nullable Object> toJson(Record source) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (RecordComponent component : source.getClass().getRecordComponents()) {
      Object value = read(source, component);
      if (value == null) { // it could be written, but not read back
        throw new IllegalArgumentException("the component " + component.getName() + " of "
            + source.getClass().getSimpleName() + " is null; what may be missing is an Optional");
      }
      if (!value.equals(Optional.empty())) {
        json.put(component.getName(), value(value));
      }
    }
    return json;
  }

  /**
   * Makes a record of members.
   *
   * @throws VaultException with code {@code INVALID_REQUEST} if they do not fit
   */
  static <T extends Record> T fromJson(Class<T> type, Map<?, ?> members) {
    RecordMapper mapper = new RecordMapper();
    try {
      return mapper.record("", type, members);
    } catch (RuntimeException | Error e) {
      mapper.decoded.forEach(secret -> Arrays.fill(secret, (byte) 0));
      throw e;
    }
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof Record nested) {
      return toJson(nested);
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(RecordMapper::value).orElse(null);
    }
    if (value instanceof SecretBytes secret) {
      return secret.use(Base64.getEncoder()::encodeToString);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof Duration duration) {
      return text(duration);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Map<?, ?> map) {
      return toJson(map);
    }
    if (value instanceof Iterable<?> elements) {
      List<@Nullable Object> list = new ArrayList<>();
      elements.forEach(element -> list.add(value(element)));
      return list;
    }
    return value;
  }

  private static String text(Duration duration) {
    try {
      String text = DurationText.format(duration);
      if (DurationText.parse(text).equals(duration)) {
        return text;
      }
    } catch (ArithmeticException | IllegalArgumentException e) {
      // Too long, as below.
    }
    throw new IllegalArgumentException("a duration in a secret is at most about 292 years long");
  }

  private static @Nullable Object read(Record source, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(source);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("the accessor " + component.getName() + " of "
          + source.getClass().getSimpleName() + " failed" + with(e));
    } catch (InaccessibleObjectException | ReflectiveOperationException e) {
      throw notAccessible(source.getClass(), e);
    }
  }

  /**
   * Makes a record.
   *
   * @param at what comes before the names of its members in errors
   */
  private <T extends Record> T record(String at, Class<T> type, Map<?, ?> members) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(
          Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      Object[] arguments = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        String name = components[i].getName();
        arguments[i] = typed(at + name, components[i].getGenericType(), members.get(name));
      }
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new VaultException(
          ErrorCode.INVALID_REQUEST,
          "the record " + type.getSimpleName() + " refused the secret" + with(e));
    } catch (InaccessibleObjectException | ReflectiveOperationException e) {
      throw notAccessible(type, e);
    }
  }

  private Object typed(String name, Type type, @Nullable Object value) {
    if (type instanceof ParameterizedType generic) {
      return parameterized(name, generic, value);
    }
    if (!(type instanceof Class<?> raw)) {
      throw misfit(name, "has a type that no secret has: " + type.getTypeName());
    }
    if (value == null) {
      throw misfit(name, "is missing");
    }
    if (raw.isRecord() && value instanceof Map<?, ?> map) {
      return record(name + ".", raw.asSubclass(Record.class), map);
    }
    if (raw.isEnum() && value instanceof String text) {
      return constant(name, raw, text);
    }
    if ((raw == boolean.class || raw == Boolean.class) && value instanceof Boolean) {
      return value;
    }
    if (raw == Object.class || (raw == Number.class && value instanceof Number)) {
      return value;
    }
    if (value instanceof Number number) {
      return number(name, raw, number);
    }
    if (value instanceof String text) {
      return text(name, raw, text);
    }
    throw misfit(name, "is not of type " + raw.getSimpleName());
  }

  private Object parameterized(String name, ParameterizedType type, @Nullable Object value) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return value == null ? Optional.empty() : Optional.of(typed(name, arguments[0], value));
    }
    if (type.getRawType() == List.class && value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element ->
          elements.add(typed(name + "[" + elements.size() + "]", arguments[0], element)));
      return List.copyOf(elements);
    }
    if (type.getRawType() == Map.class
        && arguments[0] == String.class
        && value instanceof Map<?, ?> map) {
      Map<String, Object> members = new LinkedHashMap<>();
      map.forEach((key, member) ->
          members.put((String) key, typed(name + "." + key, arguments[1], member)));
      return Map.copyOf(members);
    }
    throw misfit(name, value == null ? "is missing" : "is not of type " + type.getTypeName());
  }

  private static Object number(String name, Class<?> type, Number number) {
    BigDecimal exact = new BigDecimal(number.toString());
    try {
      if (type == int.class || type == Integer.class) {
        return exact.intValueExact();
      }
      if (type == long.class || type == Long.class) {
        return exact.longValueExact();
      }
      if (type == short.class || type == Short.class) {
        return exact.shortValueExact();
      }
      if (type == BigInteger.class) {
        return whole(exact);
      }
    } catch (ArithmeticException e) {
      throw misfit(name, "is not a whole number in the range of " + type.getSimpleName());
    }
    if (type == double.class || type == Double.class) {
      return exact.doubleValue();
    }
    if ((type == float.class || type == Float.class) && Float.isFinite(exact.floatValue())) {
      return exact.floatValue();
    }
    if (type == BigDecimal.class) {
      return exact;
    }
    if (type == Duration.class) {
      return duration(name, number.toString());
    }
    throw misfit(name, "is not of type " + type.getSimpleName());
  }

  /** Of 1e-999999999 the JDK would first compute ten to that power. */
  private static BigInteger whole(BigDecimal exact) {
    if (exact.stripTrailingZeros().scale() > 0) {
      throw new ArithmeticException("a fraction");
    }
    return exact.toBigIntegerExact();
  }

  private Object text(String name, Class<?> type, String text) {
    if (type == String.class) {
      return text;
    }
    if (type == Duration.class) {
      return duration(name, text);
    }
    if (type == SecretBytes.class) {
      return SecretBytes.takeOver(bytes(name, text));
    }
    if (type == byte[].class) {
      return bytes(name, text);
    }
    throw misfit(name, "is not of type " + type.getSimpleName());
  }

  private static Duration duration(String name, String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw misfit(name, "is not a duration");
    }
  }

  private byte[] bytes(String name, String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      decoded.add(bytes);
      return bytes;
    } catch (IllegalArgumentException e) { // it quotes the value
      throw misfit(name, "is not base64");
    }
  }

  private static Object constant(String name, Class<?> type, String text) {
    return Stream.of(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(text))
        .findFirst()
        .orElseThrow(() -> misfit(name, "is no constant of " + type.getSimpleName()));
  }

  private static VaultException misfit(String name, String how) {
    return new VaultException(
        ErrorCode.INVALID_REQUEST, "the member \"" + name + "\" of the secret " + how);
  }

  /** Names what foreign code threw; its message may quote a value, so it is no cause either. */
  private static String with(InvocationTargetException e) {
    Throwable cause = Objects.requireNonNull(e.getCause());
    if (cause instanceof Error error) {
      throw error;
    }
    return " with " + cause.getClass().getName();
  }

  private static VaultException notAccessible(Class<?> type, Exception cause) {
    return new VaultException(
        ErrorCode.INVALID_REQUEST,
        "the record " + type.getName()
            + " is not accessible: make it public, or open its package to dev.strongroom.kv",
        cause);
  }
}
