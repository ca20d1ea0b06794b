package dev.strongroom.cli;

import dev.strongroom.PolicySet;
import dev.strongroom.request.Payload;
import dev.strongroom.request.Request;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.DurationText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of a file of expectations.
 *
 * @param policies files named so far
 * @param circumstances what only a vault would know of the request
 */
record Expectation(
    int line, Set<Path> policies, Request request, PolicySet.Case circumstances, boolean allowed) {
  private static final String POLICY = "policy";
  private static final String WRAP = "wrap=";

  Expectation {
    policies = Set.copyOf(policies);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException with file and line, if a line is no expectation
   */
  static List<Expectation> read(Path file, String text) {
    List<Expectation> all = new ArrayList<>();
    Set<Path> policies = new LinkedHashSet<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      try {
        if (line.startsWith(POLICY + " ")) {
          policies.add(file.resolveSibling(only(fields(line.substring(POLICY.length())))));
        } else if (!line.isEmpty() && !line.startsWith("#")) {
          all.add(parse(i + 1, policies, fields(line)));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return all;
  }

  private static String only(List<String> fields) {
    if (fields.size() != 1 || fields.get(0).isEmpty()) {
      throw new IllegalArgumentException("expected one file behind 'policy'");
    }
    return fields.get(0);
  }

  private static Expectation parse(int line, Set<Path> policies, List<String> fields) {
    if (fields.size() < 3) {
      throw new IllegalArgumentException("expected operation, path, expected");
    }
    PolicySet.Case circumstances = PolicySet.Case.PLAIN;
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    for (String field : fields.subList(3, fields.size())) {
      if (field.equals("sudo")) {
        circumstances = circumstances.withSudoNeeded();
      } else if (field.startsWith(WRAP)) {
        circumstances = circumstances.withWrappingTtl(
            DurationText.parseSeconds(field.substring(WRAP.length())));
      } else {
        addParameter(field, parameters);
      }
    }
    Request request = Request.of(
        Operations.parse(fields.get(0)), VaultPath.parse(fields.get(1)), Payload.of(parameters));
    return new Expectation(line, policies, request, circumstances, allowed(fields.get(2)));
  }

  private static boolean allowed(String expected) {
    if (!expected.equals("allow") && !expected.equals("deny")) {
      throw new IllegalArgumentException("expected allow or deny, but got " + expected);
    }
    return expected.equals("allow");
  }

  private static void addParameter(String field, Map<String, @Nullable Object> parameters) {
    int equals = field.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "expected sudo, wrap=DURATION or NAME=VALUE, but got " + field);
    }
    parameters.put(field.substring(0, equals), value(field.substring(equals + 1)));
  }

  /** A value that is no JSON is text, so that most values need no quotes. */
  private static @Nullable Object value(String text) {
    try {
      Map<String, @Nullable Object> parsed =
          Payload.parse("{\"value\":" + text + "}").toMap();
      return parsed.size() == 1 ? parsed.get("value") : text;
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /**
   * Cuts a line at its commas. In double quotes they are part of a field, and two quotes stand for
   * one; braces and brackets keep their commas, too.
   */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    int depth = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ',' && !quoted && depth == 0) {
        fields.add(unquoted(field.toString().strip()));
        field.setLength(0);
        continue;
      }
      if (c == '\\' && quoted && i + 1 < line.length()) {
        field.append(c);
        c = line.charAt(++i);
      } else if (c == '"') {
        quoted = !quoted;
      }
      if (!quoted) {
        depth += "{[".indexOf(c) >= 0 ? 1 : "}]".indexOf(c) >= 0 ? -1 : 0;
      }
      field.append(c);
    }
    if (quoted) {
      throw new IllegalArgumentException("a double quote is not closed");
    }
    fields.add(unquoted(field.toString().strip()));
    return fields;
  }

  private static String unquoted(String field) {
    return field.length() > 1 && field.startsWith("\"") && field.endsWith("\"")
        ? field.substring(1, field.length() - 1).replace("\"\"", "\"")
        : field;
  }
}
