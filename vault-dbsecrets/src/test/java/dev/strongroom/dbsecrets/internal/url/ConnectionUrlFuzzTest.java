package dev.strongroom.dbsecrets.internal.url;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.Driver;

/** Texts that are nearly connection URLs; the driver reads the address as it was meant. */
class ConnectionUrlFuzzTest {
  private static final int MUTATIONS = 1_000;

  private static final List<String> TEXTS = List.of(
      "postgresql://{{username}}:{{password}}@host:5432/mydb?sslmode=disable",
      "postgres://u:p%40@[::1]:5433,b/my%20db?application_name=a&connect_timeout=3",
      "host=h,i port=1,2 dbname='my db' user={{username}} password='{{password}}' sslmode=allow");

  private static final List<String> PIECES = List.of(
      "://",
      "@",
      ":",
      "/",
      "?",
      "&",
      "=",
      "%",
      "%2F",
      "%3F",
      "%26",
      "{{username}}",
      "{{password}}",
      "{{",
      "'",
      "\\",
      " ",
      ",",
      "[",
      "]",
      "#",
      "+",
      "\n",
      "\0",
      "é",
      "socketFactory=x",
      "&loggerFile=x",
      "host=",
      "password=",
      "localhost",
      "jdbc:",
      ";",
      "..");

  private static final Set<String> PROPERTIES = Set.of(
      "PGHOST",
      "PGPORT",
      "PGDBNAME",
      "preferQueryMode",
      "logServerErrorDetail",
      "tcpKeepAlive",
      "ApplicationName",
      "connectTimeout",
      "loginTimeout",
      "sslmode",
      "sslrootcert",
      "sslcert",
      "sslkey",
      "sslfactory",
      "channelBinding",
      "targetServerType");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void parse_mutatedUrl_isReadOrRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      requireSafe(mutated(random));
    }
  }

  static Stream<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void parse_anyBytes_areReadOrRefused(byte[] text) {
    requireSafe(new String(text, StandardCharsets.UTF_8));
  }

  private static void requireSafe(String text) {
    JdbcTarget target;
    try {
      target = ConnectionUrl.parse(text).resolve("us?&=/er", "CAN?&=/ARY", /* escaped= */ false);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).as(text).startsWith("c").contains("connection");
      return;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("it failed on " + text, e);
    }
    assertThat(target.url()).as(text).doesNotContain("CAN").doesNotContain("?");
    Properties given = new Properties();
    given.putAll(target.properties());
    Properties read = Driver.parseURL(target.url(), given);
    assertThat(read).as(text).isNotNull();
    assertThat(PROPERTIES).as(text).containsAll(read.stringPropertyNames());
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(pick(TEXTS, random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.replace(from, to, pick(PIECES, random));
        case 2 -> text.insert(from, pick(PIECES, random).repeat(random.nextInt(20)));
        default -> text.insert(from, pick(PIECES, random));
      }
    }
    return text.toString();
  }

  private static String pick(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
