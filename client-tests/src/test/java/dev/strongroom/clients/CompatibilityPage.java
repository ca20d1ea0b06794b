package dev.strongroom.clients;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A page that {@link CompatibilityTable} has written. */
final class CompatibilityPage {
  private final List<String> clients;

  /** Of tables with a column for each client: those that stay. */
  private final Set<Integer> columns = new HashSet<>();

  /** Returns what looks at some clients only. */
  CompatibilityPage(List<String> clients) {
    this.clients = clients;
  }

  /** Returns a page without what it says of other clients. */
  String of(String page) {
    List<String> lines = new ArrayList<>();
    for (String line : page.lines().toList()) {
      if (!line.startsWith("| ")) {
        lines.add(line.startsWith("|---") ? "|---" : line);
        continue;
      }
      List<String> cells = List.of(line.substring(2).split(" \\|( |$)", -1));
      if (cells.get(0).equals("call") || cells.get(0).equals("client")) {
        choose(cells);
      }
      if (isOfColumns() || cells.get(0).equals("client") || clients.contains(cells.get(0))) {
        lines.add(isOfColumns() ? chosen(cells) : line);
      }
    }
    return String.join("\n", lines);
  }

  private void choose(List<String> head) {
    columns.clear();
    if (head.get(0).equals("call")) {
      columns.add(0);
      IntStream.range(1, head.size())
          .filter(column -> clients.contains(head.get(column)))
          .forEach(columns::add);
    }
  }

  private boolean isOfColumns() {
    return !columns.isEmpty();
  }

  private String chosen(List<String> cells) {
    return IntStream.range(0, cells.size())
        .filter(columns::contains)
        .mapToObj(cells::get)
        .collect(Collectors.joining(" | "));
  }
}
