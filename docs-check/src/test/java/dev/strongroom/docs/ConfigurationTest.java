package dev.strongroom.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.strongroom.FileAudit;
import dev.strongroom.Mount;
import dev.strongroom.StaticKeySeal;
import dev.strongroom.VaultBuilder;
import dev.strongroom.auth.k8s.KubernetesOptions;
import dev.strongroom.auth.k8s.Relaxation;
import dev.strongroom.dbsecrets.RotatingDataSource;
import dev.strongroom.dbsecrets.RotatingDataSourceBuilder;
import dev.strongroom.http.HttpLimits;
import dev.strongroom.http.HttpOptions;
import dev.strongroom.http.ServerLimits;
import dev.strongroom.junit.VaultExtension;
import dev.strongroom.spi.AuditFormat;
import dev.strongroom.storage.sqlite.SqliteStorage;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code docs/configuration.md} says, and {@code docs/http.md} for limits, is what the code
 * does.
 */
class ConfigurationTest {
  private static final Page CONFIGURATION = Page.of("docs/configuration.md");
  private static final List<Page> TABLES = List.of(CONFIGURATION, Page.of("docs/http.md"));

  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)(?:\\.(?:with)?(\\w+))?`[^|]*\\| ([^|]*) \\|.*");
  private static final Pattern NUMBER =
      Pattern.compile("([0-9][0-9,]*)(?: (KiB|MiB|ms|s|min|h))?(?:$|[ ,;].*)");

  private static final Map<String, Long> UNITS = Map.of(
      "KiB", 1024L, "MiB", 1024L * 1024, "ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L);

  /** Ends of a chain, and what every object has. */
  private static final Set<String> NO_SETTINGS = Set.of("open", "build", "toString");

  static Stream<Record> recordsOfDefaults() {
    return Stream.of(
        HttpLimits.DEFAULT,
        ServerLimits.DEFAULT,
        HttpOptions.DEFAULT,
        KubernetesOptions.DEFAULT,
        AuditFormat.HASHED);
  }

  @ParameterizedTest
  @MethodSource("recordsOfDefaults")
  void defaults_ofRecords_areWhatThePagesSay(Record defaults) throws Exception {
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      String said = said(defaults.getClass().getSimpleName(), component.getName());
      Object value = component.getAccessor().invoke(defaults);

      assertThat(fits(said, value))
          .as("%s of %s is %s, but \"%s\" is said", component, defaults.getClass(), value, said)
          .isTrue();
    }
  }

  @Test
  void defaults_ofThePool_areWhatThePageSays() throws Exception {
    RotatingDataSourceBuilder builder = RotatingDataSource.builder();
    for (String name : List.of(
        "maximumPoolSize",
        "connectionTimeout",
        "maxLifetime",
        "idleTimeout",
        "drainLimit",
        "autoCommit",
        "readOnly",
        "name")) {
      Field field = RotatingDataSourceBuilder.class.getDeclaredField(name);
      field.setAccessible(true);
      String said = said(section("RotatingDataSourceBuilder"), name);

      assertThat(fits(said, field.get(builder)))
          .as("%s is %s, but \"%s\" is said", name, field.get(builder), said)
          .isTrue();
    }
  }

  static Stream<Class<?>> typesWithSettings() {
    return Stream.of(
        VaultBuilder.class, RotatingDataSourceBuilder.class, VaultExtension.Builder.class);
  }

  @ParameterizedTest
  @MethodSource("typesWithSettings")
  void settings_ofBuilders_areAllOnThePage(Class<?> type) {
    String name =
        type.isMemberClass() ? type.getDeclaringClass().getSimpleName() : type.getSimpleName();
    String section = String.join("\n", section(name));

    assertThat(publicMethods(type).filter(method -> !NO_SETTINGS.contains(method)))
        .allSatisfy(method -> assertThat(section).contains("`" + method + "`"));
  }

  @Test
  void settings_ofValues_areAllOnThePage() {
    assertThat(Stream.of(FileAudit.class, SqliteStorage.class, StaticKeySeal.class, Mount.class)
            .flatMap(ConfigurationTest::publicMethods)
            .filter(method -> method.startsWith("with")))
        .isNotEmpty()
        .allSatisfy(method ->
            assertThat(CONFIGURATION.prose()).containsPattern("`(\\w+\\.)?" + method + "`"));
  }

  @Test
  void relaxations_areAllOnThePage() {
    assertThat(Relaxation.values()).allSatisfy(each -> assertThat(section("KubernetesOptions"))
        .anyMatch(line -> line.startsWith("| `" + each + "` |")));
  }

  @Test
  void range_ofTheSizeOfAStore_isThatOfThePage() {
    SqliteStorage storage = SqliteStorage.at(Path.of("vault.db"));
    long least = 1024 * 1024;
    long most = 17_592_186_036_224L;

    assertThat(CONFIGURATION.prose()).contains("1 MiB to 17,592,186,036,224");
    assertThat(storage.withMaxBytes(least)).isNotNull();
    assertThat(storage.withMaxBytes(most)).isNotNull();
    assertThatThrownBy(() -> storage.withMaxBytes(least - 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> storage.withMaxBytes(most + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Stream<String> publicMethods(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> !method.isSynthetic())
        .map(Method::getName)
        .distinct();
  }

  /** Returns the lines of a section of {@code docs/configuration.md}. */
  private static List<String> section(String name) {
    return CONFIGURATION.lines().stream()
        .dropWhile(line -> !line.equals("## `" + name + "`"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .toList();
  }

  /** Returns the default that a page says for a component, named with its type. */
  private static String said(String type, String component) {
    List<String> found = TABLES.stream()
        .flatMap(page -> page.lines().stream())
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .filter(row -> row.group(1).equals(type) && component.equalsIgnoreCase(row.group(2)))
        .map(row -> row.group(3))
        .toList();
    assertThat(found).as(type + "." + component).hasSize(1);
    return found.get(0);
  }

  private static String said(List<String> section, String setting) {
    List<String> found = section.stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .filter(row -> row.group(1).equals(setting))
        .map(row -> row.group(3))
        .toList();
    assertThat(found).as(setting).hasSize(1);
    return found.get(0);
  }

  private static boolean fits(String said, Object value) {
    if (value instanceof Boolean flag) {
      return said.equals(flag ? "on" : "off");
    }
    if (value instanceof Duration duration) {
      return number(said) == duration.toMillis();
    }
    if (value instanceof Number number) {
      return said.equals("none") ? number.longValue() == 0 : number(said) == number.longValue();
    }
    if (value instanceof Collection<?> all) {
      return said.equals("none") && all.isEmpty();
    }
    if (value instanceof CharSequence || value instanceof Path) {
      return said.equals(value.toString().isEmpty() ? "empty" : "`" + value + "`");
    }
    return !said.isEmpty(); // an object that only words describe
  }

  private static long number(String said) {
    Matcher number = NUMBER.matcher(said);
    assertThat(number.matches()).as(said).isTrue();
    long plain = Long.parseLong(number.group(1).replace(",", ""));
    return number.group(2) == null ? plain : plain * UNITS.get(number.group(2));
  }
}
