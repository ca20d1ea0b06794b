package dev.strongroom.dbsecrets.internal.template;

import dev.strongroom.dbsecrets.internal.template.TemplateParser.Node;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/**
 * How the names of new database users are made, from the token's display name, the role's name, and
 * what is random or the time: <code>v-{{.DisplayName | truncate 8}}-{{random 20}}</code>. Immutable
 * and thread-safe.
 *
 * <p>Of Go's {@code text/template} it has pipelines, parentheses, texts in both quotes, whole
 * numbers, {@code if} with {@code else}, trim markers, comments, and the functions {@code printf}
 * with {@code %s}, {@code %d}, {@code %v} and {@code %q}, {@code eq}, {@code ne}, {@code and},
 * {@code or}, {@code not} and {@code len}. Variables, loops, nested templates and everything else
 * is refused. The other functions are those of OpenBao v2.6.2 {@code sdk/helper/template}; times
 * are in UTC.
 */
public final class UsernameTemplate {
  /** What is used when there is none. */
  private static final String DEFAULT = """
      {{ printf "v-%s-%s-%s-%s" (.DisplayName | truncate 8) (.RoleName | truncate 8)\
       (random 20) (unix_time) | truncate 63 }}""";

  private static final int MAX_LENGTH = 4_096;
  private static final int MAX_NAME_BYTES = 63;

  private final List<Node> nodes;

  private UsernameTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Reads a template, and tries it once with empty fields.
   *
   * @param text up to 4,096 characters; empty for the usual one
   * @throws IllegalArgumentException if it cannot be read or tried, or makes a name that no
   *     database user can have; the message begins with what the reference says then
   */
  public static UsernameTemplate parse(String text, SecureRandom random, Instant now) {
    UsernameTemplate template = new UsernameTemplate(read(text.isEmpty() ? DEFAULT : text));
    try {
      requireUsable(template.run("", "", random, now));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("invalid username template: " + e.getMessage(), e);
    }
    return template;
  }

  private static List<Node> read(String text) {
    try {
      if (text.length() > MAX_LENGTH) {
        throw new IllegalArgumentException("a template has at most " + MAX_LENGTH + " characters");
      }
      return new TemplateParser(text).nodes();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "unable to initialize username template: unable to parse template: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a name.
   *
   * @throws IllegalArgumentException if no database user can have it: it is empty, longer than 63
   *     UTF-8 bytes, where PostgreSQL would cut it, or holds a control character
   */
  public String name(String displayName, String roleName, SecureRandom random, Instant now) {
    try {
      String name = run(displayName, roleName, random, now);
      requireUsable(name);
      if (name.isEmpty()) {
        throw new IllegalArgumentException("it is empty");
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("unable to generate username: " + e.getMessage(), e);
    }
  }

  private String run(String displayName, String roleName, SecureRandom random, Instant now) {
    TemplateRun run = new TemplateRun(displayName, roleName, random, now);
    nodes.forEach(node -> node.write(run));
    return run.written();
  }

  private static void requireUsable(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a name in PostgreSQL has at most " + MAX_NAME_BYTES
          + " bytes, but this has " + bytes + ": use truncate " + MAX_NAME_BYTES);
    }
    if (name.chars().anyMatch(Character::isISOControl)
        || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException("a name has no control characters");
    }
  }
}
