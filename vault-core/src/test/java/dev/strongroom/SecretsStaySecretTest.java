package dev.strongroom;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.strongroom.request.Auth;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.Response;
import dev.strongroom.request.TokenType;
import dev.strongroom.request.WrapInfo;
import dev.strongroom.secret.SecretBytes;
import dev.strongroom.spi.AuditDevice;
import dev.strongroom.spi.Batch;
import dev.strongroom.spi.DueRow;
import dev.strongroom.spi.OutsideSecret;
import dev.strongroom.spi.RecordKind;
import dev.strongroom.spi.RecordReader;
import dev.strongroom.spi.RecordWriter;
import dev.strongroom.spi.Row;
import dev.strongroom.spi.RowAddress;
import java.io.IOException;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Looks at every public type: none prints a secret, and no refusal quotes one. */
class SecretsStaySecretTest {
  private static final String CANARY = "cAnAry7f3a-cAnAry7f3a-cAnAry7f3a";
  private static final List<String> EXPORTED = List.of(
      "dev.strongroom", "dev.strongroom.request", "dev.strongroom.secret", "dev.strongroom.spi");

  /** What a secret is made of, in a field. */
  private static final Set<Class<?>> SECRET = Set.of(
      byte[].class,
      char[].class,
      SecretBytes.class,
      Payload.class,
      ClientToken.class,
      KeyShare.class,
      Batch.Change.class);

  private static final Set<Class<?>> CONTAINERS = Set.of(Optional.class, List.class, Map.class);

  /** One of each type that can hold a secret, holding the canary. */
  private static List<Object> examples() {
    Payload payload = Payload.of(Map.of("a", CANARY, CANARY, List.of(CANARY)));
    ClientToken token = ClientToken.parse(CANARY);
    KeyShare share = KeyShare.copyOf(CANARY.getBytes(UTF_8));
    RowAddress address = RowAddress.of(new byte[16], new byte[] {1});
    Auth auth = new Auth(
        Optional.of(token),
        "accessor",
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty(),
        TokenType.SERVICE,
        Duration.ZERO,
        true,
        false,
        0);
    WrapInfo wrapInfo = new WrapInfo(
        token,
        "accessor",
        Duration.ofHours(1),
        Instant.EPOCH,
        "sys/wrapping/wrap",
        Optional.empty());
    return List.of(
        SecretBytes.copyOf(CANARY.getBytes(UTF_8)),
        payload,
        Payload.parse("{\"a\":\"" + CANARY + "\"}"),
        Payload.ofStored(("{\"a\":\"" + CANARY + "\"}").getBytes(UTF_8)),
        Payload.lazy(() -> Map.of("a", CANARY)),
        token,
        share,
        new InitialKeys(List.of(share), token),
        auth,
        Request.write("secret/data/a", Map.of("data", payload)),
        Response.of(payload),
        Response.of(auth),
        wrapInfo,
        Response.of(wrapInfo),
        Response.failure(ErrorCode.NOT_FOUND, payload),
        address,
        new Row(address, 1, CANARY.getBytes(UTF_8)),
        new DueRow(1, Arrays.copyOf(CANARY.getBytes(UTF_8), 16), CANARY.getBytes(UTF_8)),
        new Batch(List.of(), List.of(new Batch.Put(address, CANARY.getBytes(UTF_8)))),
        new Batch.Put(address, CANARY.getBytes(UTF_8)),
        new Batch.DeleteIfChildless(address, Arrays.copyOf(CANARY.getBytes(UTF_8), 16)),
        new Batch.DueRemove(1, Arrays.copyOf(CANARY.getBytes(UTF_8), 16)),
        new AuditDevice.Tail(Optional.of(CANARY.getBytes(UTF_8)), false),
        RecordKind.secretTree("kind").at("a/" + CANARY),
        new OutsideSecret.Plan(
            payload, new OutsideSecret.Terms(Duration.ZERO, Duration.ZERO, /* renewable= */ false)),
        new RecordWriter().text(CANARY),
        new RecordReader(CANARY.getBytes(UTF_8)));
  }

  static Stream<Arguments> examplesByName() {
    return examples().stream()
        .map(example -> arguments(example.getClass().getSimpleName(), example));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examplesByName")
  void print_aTypeThatHoldsASecret_showsNothingOfIt(String name, Object example) {
    assertNoCanary(example.toString());
    assertNoCanary(List.of(example).toString());
  }

  @Test
  void everyPublicTypeThatCanHoldASecret_hasAnExample() {
    assertThat(secretTypes())
        .containsExactlyInAnyOrderElementsOf(
            examples().stream().<Class<?>>map(Object::getClass).distinct().toList());
  }

  @Test
  void secretTypes_areNotSerializable_andCompareNoContent() {
    for (Class<?> type : secretTypes()) {
      assertThat(Serializable.class.isAssignableFrom(type)).as("%s", type).isFalse();
    }
    for (Class<?> type : List.of(
        SecretBytes.class, KeyShare.class, ClientToken.class, InitialKeys.class, Payload.class)) {
      assertThat(Arrays.stream(type.getDeclaredMethods()).map(Method::getName))
          .as("%s", type)
          .doesNotContain("equals", "hashCode")
          .contains("toString");
      assertThat(type.isRecord()).isFalse();
    }
  }

  /** Text and bytes that each reader refuses, or takes: what it says is the same to us. */
  private static List<String> badInputs() {
    return List.of(
        CANARY,
        CANARY + "\n",
        CANARY + "\0",
        " " + CANARY,
        CANARY + "ä",
        CANARY + "\ud800",
        "/" + CANARY + "//",
        CANARY + "/../" + CANARY,
        "{" + CANARY,
        "{\"a\":" + CANARY + "}",
        "{\"a\":\"" + CANARY,
        "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}",
        "{\"a\":\"" + CANARY + "\\ud800\"}",
        "{}" + CANARY,
        CANARY.repeat(200));
  }

  @Test
  void everyReaderOfTextOrBytes_refusesWithoutQuotingIt() throws IllegalAccessException {
    List<String> called = new ArrayList<>();
    for (Class<?> type : publicTypes().toList()) {
      for (Method method : type.getMethods()) {
        boolean reads = method.getName().equals("parse")
            || method.getName().equals("requireRelative")
            || SECRET.contains(type);
        if (reads
            && Modifier.isStatic(method.getModifiers())
            && method.getParameterCount() == 1
            && badInputs().stream().anyMatch(bad -> argument(method, bad).isPresent())) {
          called.add(type.getSimpleName() + "." + method.getName());
          for (String bad : badInputs()) {
            invoke(method, argument(method, bad).orElseThrow());
          }
        }
      }
    }
    assertThat(called)
        .contains(
            "Payload.parse",
            "Payload.of",
            "Payload.ofStored",
            "KeyShare.parse",
            "ClientToken.parse",
            "VaultPath.parse",
            "VaultPath.requireRelative",
            "DurationText.parse",
            "InstantText.parse",
            "SecretBytes.copyOf");
  }

  @Test
  void secretConstructors_refuseWithoutQuotingIt() throws ReflectiveOperationException {
    int called = 0;
    for (Class<?> type : secretTypes()) {
      for (Constructor<?> constructor : type.getConstructors()) {
        if (List.of(constructor.getParameterTypes()).contains(byte[].class)) {
          called++;
          assertRefusesQuietly(constructor);
        }
      }
    }
    assertThat(called).isGreaterThan(3);
  }

  /** Wrong lengths, wrong arguments beside the secret. */
  private static void assertRefusesQuietly(Constructor<?> constructor)
      throws ReflectiveOperationException {
    Object[] arguments = Arrays.stream(constructor.getParameterTypes())
        .map(type -> type == byte[].class ? CANARY.getBytes(UTF_8) : type == long.class ? 1L : null)
        .toArray();
    try {
      assertNoCanary(constructor.newInstance(arguments).toString());
    } catch (InvocationTargetException e) {
      assertQuiet(e.getCause());
    }
  }

  private static Optional<Object> argument(Method method, String bad) {
    Class<?> type = method.getParameterTypes()[0];
    if (type == String.class || type == CharSequence.class) {
      return Optional.of(bad);
    }
    if (type == byte[].class) {
      return Optional.of(bad.getBytes(UTF_8));
    }
    return type == Map.class
        ? Optional.of(Map.of(bad, List.of(bad, CANARY.toCharArray()), "a", bad))
        : Optional.empty();
  }

  private static void invoke(Method method, Object argument) throws IllegalAccessException {
    try {
      Object made = method.invoke(null, argument);
      if (made instanceof Payload payload) { // stored text is read when somebody asks
        assertThat(payload.toMap()).isNotNull();
      }
    } catch (InvocationTargetException e) {
      assertQuiet(e.getCause());
    } catch (IllegalArgumentException e) {
      assertQuiet(e);
    }
  }

  private static void assertQuiet(Throwable thrown) {
    if (!(thrown instanceof RuntimeException)) {
      fail("a reader failed", thrown);
    }
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      assertNoCanary(e.toString());
      for (Throwable suppressed : e.getSuppressed()) {
        assertNoCanary(suppressed.toString());
      }
    }
  }

  private static void assertNoCanary(String printed) {
    byte[] bytes = CANARY.getBytes(UTF_8);
    assertThat(printed.toLowerCase(Locale.ROOT))
        .doesNotContain(
            "canary",
            HexFormat.of().formatHex(bytes, 0, 12),
            Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, 12)).toLowerCase(Locale.ROOT),
            Arrays.toString(Arrays.copyOf(bytes, 6)).replaceAll("[\\[\\]]", ""));
  }

  private static List<Class<?>> secretTypes() {
    return publicTypes()
        .filter(type -> !type.isInterface() && !Modifier.isAbstract(type.getModifiers()))
        .filter(type -> Arrays.stream(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .map(Field::getGenericType)
            .anyMatch(SecretsStaySecretTest::holdsSecrets))
        .toList();
  }

  private static boolean holdsSecrets(Type type) {
    return SECRET.contains(type)
        || (type instanceof ParameterizedType parameterized
            && CONTAINERS.contains(parameterized.getRawType())
            && Arrays.stream(parameterized.getActualTypeArguments())
                .anyMatch(SecretsStaySecretTest::holdsSecrets));
  }

  private static Stream<Class<?>> publicTypes() {
    try {
      Path classes = Path.of(
          SecretBytes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(classes)) {
        List<String> names = files
            .map(file -> classes.relativize(file).toString().replace('/', '.').replace('\\', '.'))
            .filter(name -> name.endsWith(".class"))
            .map(name -> name.substring(0, name.length() - ".class".length()))
            .filter(name ->
                name.contains(".") && EXPORTED.contains(name.substring(0, name.lastIndexOf('.'))))
            .filter(name -> !name.endsWith("package-info"))
            .toList();
        assertThat(names).hasSizeGreaterThan(50);
        return names.stream()
            .<Class<?>>map(SecretsStaySecretTest::load)
            .filter(type -> Modifier.isPublic(type.getModifiers()));
      }
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
