package dev.strongroom.dbsecrets.internal.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that are nearly templates. */
class UsernameTemplateFuzzTest {
  private static final int MUTATIONS = 1_000;
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final List<String> TEXTS = List.of(
      "{{ printf \"v-%s-%s-%s-%s\" (.DisplayName | truncate 8) (.RoleName | truncate 8) (random 20)"
          + " (unix_time) | truncate 63 }}",
      "foobar_{{random 10}}-{{.RoleName | uppercase}}.{{unix_time}}x{{.DisplayName | truncate 5}}",
      "{{if glob \"a*\" .DisplayName}}x{{else if eq .RoleName \"r\"}}{{- .RoleName -}} {{end}}",
      "{{timestamp \"Mon, 02 Jan 2006 15:04:05.000 MST\" | replace \":\" `-`}}{{/* c */}}",
      "{{.DisplayName | base64 | decode_base64 | hex | decode_hex | sha256 | truncate_sha256 9}}");

  private static final List<String> PIECES = List.of(
      "{{",
      "}}",
      "{{-",
      "-}}",
      "|",
      "(",
      ")",
      "\"",
      "`",
      "\\",
      ".",
      ".DisplayName",
      "$",
      " ",
      "\n",
      "1",
      "-",
      "%",
      "%s",
      "%d",
      "if",
      "else",
      "end",
      "true",
      "random 5",
      "uuid",
      "replace \"\" \"x\"",
      "glob",
      "/*",
      "*/",
      "é",
      "\uD83D",
      "\0",
      "len",
      "and",
      "99999999999");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void parse_mutatedTemplate_makesANameOrIsRefused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < MUTATIONS; i++) {
      requireNameOrRefusal(mutated(random));
    }
  }

  static Stream<byte[]> texts() {
    return TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("texts")
  @FuzzTest
  void parse_anyBytes_makeANameOrAreRefused(byte[] text) {
    requireNameOrRefusal(new String(text, StandardCharsets.UTF_8));
  }

  private static void requireNameOrRefusal(String text) {
    try {
      String name = UsernameTemplate.parse(text, RANDOM, NOW).name("token-a", "r", RANDOM, NOW);
      assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 63);
      assertThat(name.chars()).noneMatch(Character::isISOControl);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage())
          .as(text)
          .matches("(?s)(unable to (initialize|generate) |invalid )username.*");
    } catch (RuntimeException | Error e) {
      throw new AssertionError("it failed on " + text, e);
    }
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(pick(TEXTS, random));
    for (int i = random.nextInt(4); i >= 0; i--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(12));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.replace(from, to, pick(PIECES, random));
        case 2 -> text.insert(from, pick(PIECES, random).repeat(random.nextInt(50)));
        case 3 -> text.insert(from, pick(TEXTS, random));
        default -> text.insert(from, pick(PIECES, random));
      }
    }
    return text.toString();
  }

  private static String pick(List<String> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
