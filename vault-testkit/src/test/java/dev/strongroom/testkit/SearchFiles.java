package dev.strongroom.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Searches every file of a folder for texts, in any form somebody may have written them in. A
 * program of its own: opening a database's file in the process that has it open breaks SQLite's
 * locks.
 */
final class SearchFiles {
  private SearchFiles() {}

  /**
   * Prints a line for each find, and {@code searched} at the end. The first argument is the folder,
   * the others are the texts.
   */
  public static void main(String[] args) throws IOException {
    for (String find : find(Path.of(args[0]), List.of(args).subList(1, args.length))) {
      System.out.println(find);
    }
    System.out.println("searched");
  }

  static List<String> find(Path folder, List<String> texts) throws IOException {
    List<String> beginnings = beginnings(texts);
    List<String> finds = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = latin1(Files.readAllBytes(file)).toLowerCase(Locale.ROOT);
        if (!find(file, content, beginnings).isEmpty()) {
          finds.addAll(find(file, content, texts));
        }
      }
    }
    return finds;
  }

  /**
   * Leaves out what is in no file that does not hold one of the others: a text that begins with
   * another one does so in every form, in Base64 if that has no odd bytes at its end.
   */
  private static List<String> beginnings(List<String> texts) {
    List<String> whole = texts.stream()
        .filter(text -> text.getBytes(StandardCharsets.UTF_8).length % 3 == 0)
        .toList();
    return texts.stream()
        .filter(text -> whole.stream()
            .noneMatch(other -> text.length() > other.length() && text.startsWith(other)))
        .toList();
  }

  private static List<String> find(Path file, String content, List<String> texts) {
    return texts.stream()
        .flatMap(text -> forms(text)
            .filter(form -> content.contains(form.toLowerCase(Locale.ROOT)))
            .map(form -> file.getFileName() + " holds " + text + " as " + form))
        .toList();
  }

  private static Stream<String> forms(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        latin1(utf8),
        latin1(text.getBytes(StandardCharsets.UTF_16LE)),
        latin1(text.getBytes(StandardCharsets.UTF_16BE)),
        HexFormat.of().formatHex(utf8),
        Base64.getEncoder().withoutPadding().encodeToString(utf8).substring(0, utf8.length / 3 * 4),
        new StringBuilder(text).reverse().toString());
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
