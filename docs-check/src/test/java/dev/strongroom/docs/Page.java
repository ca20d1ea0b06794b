package dev.strongroom.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param name its path in the repository
 */
record Page(String name, List<String> lines) {
  private static final String FENCE = "```";

  /**
   * A fenced block.
   *
   * @param language what follows the fence, empty for none
   * @param line of its first line, counted from 1
   */
  record Block(String language, int line, String text) {}

  /** Returns the pages for people at the root, those in {@code docs}, and those of the examples. */
  static List<Page> all() {
    Path root = root();
    try (Stream<Path> docs = Files.list(root.resolve("docs"));
        Stream<Path> examples = Files.walk(root.resolve("examples"), 2)) {
      return Stream.of(
              Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md").map(root::resolve),
              docs.filter(file -> file.toString().endsWith(".md")),
              examples.filter(file -> file.endsWith("README.md")))
          .flatMap(files -> files)
          .sorted()
          .map(file -> of(root.relativize(file).toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Page of(String name) {
    try {
      return new Page(name, Files.readAllLines(root().resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /** Returns the folder of the repository: tests run in that of their module. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).strip().startsWith(FENCE)) {
        continue;
      }
      if (open < 0) {
        open = i;
      } else {
        String language = lines.get(open).strip().substring(FENCE.length());
        blocks.add(new Block(language, open + 2, String.join("\n", lines.subList(open + 1, i))));
        open = -1;
      }
    }
    if (open >= 0) {
      throw new IllegalStateException(name + ":" + (open + 1) + ": a block without an end");
    }
    return blocks;
  }

  List<Snippet> snippets() {
    return blocks().stream()
        .filter(block -> block.language().equals("java"))
        .map(block -> new Snippet(name, block.line(), block.text().stripIndent()))
        .toList();
  }

  /** Returns the first block of that language. */
  String block(String language) {
    return blocks().stream()
        .filter(block -> block.language().equals(language))
        .findFirst()
        .orElseThrow()
        .text();
  }

  /** Returns the text between blocks, with empty lines in the place of blocks. */
  String prose() {
    boolean[] inside = {false};
    return lines.stream()
        .map(line -> {
          boolean fence = line.strip().startsWith(FENCE);
          boolean shown = !fence && !inside[0];
          inside[0] ^= fence;
          return shown ? line : "";
        })
        .collect(Collectors.joining("\n"));
  }
}
