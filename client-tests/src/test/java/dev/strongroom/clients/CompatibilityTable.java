package dev.strongroom.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which call of which client works, as {@code docs/compatibility.md} shows it. For one thread. */
final class CompatibilityTable {
  private static final String INTRODUCTION = """
      # Compatibility

      What clients of the Vault API do against Strongroom. They come from their registries, unmodified, and run in the
      build against a vault in memory behind `vault-http`. This page is written by that run: see `client-tests`.

      * **works**: the client gets what it is made for.
      * **differs**: it gets another answer than from the reference; the reason is below the tables.
      * –: the client has no method of its own for it. Each has methods for any path, so the call can be made all the same.
      """;

  /** From the heading of a section to the calls in it. */
  private final Map<String, List<String>> sections;

  private final Map<Client, Map<String, Result>> results = new LinkedHashMap<>();

  /** What came out for one client and call. */
  private record Result(int checks, boolean failed, Set<String> differences) {
    static Result none() {
      return new Result(0, false, Set.of());
    }

    Result and(String difference, boolean failure) {
      Set<String> all = new TreeSet<>(differences);
      if (!difference.isEmpty()) {
        all.add(difference);
      }
      return new Result(checks + 1, failed || failure, all);
    }

    String text() {
      return failed ? "FAILS" : differences.isEmpty() ? "works" : "differs";
    }
  }

  private CompatibilityTable(Map<String, List<String>> sections) {
    this.sections = sections;
  }

  /** Returns an empty table of the calls in {@code calls.txt}. */
  static CompatibilityTable ofCalls() throws IOException {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    try (var in = CompatibilityTable.class.getResourceAsStream("/calls.txt")) {
      String section = "";
      for (String line :
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.startsWith("# ")) {
          section = line.substring(2);
          sections.put(section, new ArrayList<>());
        } else if (!line.isBlank()) {
          sections.get(section).add(line);
        }
      }
    }
    return new CompatibilityTable(sections);
  }

  /**
   * Takes down the outcome of a check.
   *
   * @throws IllegalArgumentException if {@code calls.txt} does not have the call
   */
  void record(Client client, Check check, boolean failed) {
    if (sections.values().stream().noneMatch(calls -> calls.contains(check.call()))) {
      throw new IllegalArgumentException("calls.txt has no line \"" + check.call() + "\"");
    }
    Map<String, Result> calls = results.computeIfAbsent(client, unused -> new LinkedHashMap<>());
    Result before = calls.getOrDefault(check.call(), Result.none());
    calls.put(check.call(), before.and(check.differsBecause(), failed));
  }

  Set<Client> clients() {
    return results.keySet();
  }

  /** Returns the calls that no client has been seen to make. */
  List<String> unseen() {
    return sections.values().stream()
        .flatMap(List::stream)
        .filter(call -> results.values().stream().noneMatch(calls -> calls.containsKey(call)))
        .toList();
  }

  String toMarkdown() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    text.append("\n| client | version | checks |\n|---|---|---|\n");
    results.forEach((client, calls) -> text.append("| %s | %s | %d |\n"
        .formatted(
            client.name(),
            client.version(),
            calls.values().stream().mapToInt(Result::checks).sum())));
    sections.forEach((section, calls) -> text.append(section(section, calls)));
    return text.append(differences()).toString();
  }

  private String section(String heading, List<String> calls) {
    StringBuilder text = new StringBuilder("\n## " + heading + "\n\n| call |");
    results.keySet().forEach(client -> text.append(" " + client.name() + " |"));
    text.append("\n|---|" + "---|".repeat(results.size()) + "\n");
    for (String call : calls) {
      text.append(results.values().stream()
          .map(of -> of.containsKey(call) ? of.get(call).text() : "–")
          .collect(Collectors.joining(" | ", "| " + call + " | ", " |\n")));
    }
    return text.toString();
  }

  private String differences() {
    StringBuilder text = new StringBuilder("""

        ## What differs

        | client | call | reason |
        |---|---|---|
        """);
    results.forEach(
        (client, calls) -> calls.forEach((call, result) -> result.differences().forEach(reason -> {
          text.append("| %s | %s | %s |\n".formatted(client.name(), call, reason));
        })));
    return text.toString();
  }
}
