package dev.strongroom.internal.policy;

import static dev.strongroom.internal.policy.Capability.CREATE;
import static dev.strongroom.internal.policy.Capability.DELETE;
import static dev.strongroom.internal.policy.Capability.DENY;
import static dev.strongroom.internal.policy.Capability.LIST;
import static dev.strongroom.internal.policy.Capability.READ;
import static dev.strongroom.internal.policy.Capability.SUDO;
import static dev.strongroom.internal.policy.Capability.UPDATE;
import static dev.strongroom.internal.policy.PolicySyntaxException.quote;

import dev.strongroom.internal.policy.Node.Elements;
import dev.strongroom.internal.policy.Node.Literal;
import dev.strongroom.internal.policy.Node.Member;
import dev.strongroom.internal.policy.Node.Members;
import dev.strongroom.request.VaultPath;
import dev.strongroom.spi.InstantText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads what a policy says, once its syntax is known. The keys and the order of checks are those of
 * OpenBao v2.6.2 {@code vault/policy/policy.go}, but what it reads in a surprising way is refused:
 * keys given twice, denials with a second label, and paths that no request can have.
 */
final class PolicyReader {
  static final int MAX_BLOCKS = 5_000;

  private static final Map<String, Set<Capability>> SHORTHANDS = Map.of(
      "", Set.of(),
      "deny", Set.of(DENY),
      "read", Set.of(READ, LIST),
      "write", Set.of(CREATE, READ, UPDATE, DELETE, LIST),
      "sudo", Set.of(CREATE, READ, UPDATE, DELETE, LIST, SUDO));

  private final Instant now;

  private PolicyReader(Instant now) {
    this.now = now;
  }

  /**
   * Returns the blocks of a document that have not expired.
   *
   * @throws PolicySyntaxException if the document says what cannot be enforced
   */
  static List<PathBlock> read(List<Member> document, Instant now) {
    Keys.TOP_LEVEL.check("", document);
    List<Member> paths =
        document.stream().filter(member -> member.name().equals("path")).toList();
    if (paths.size() > MAX_BLOCKS) {
      throw new PolicySyntaxException(
          paths.get(MAX_BLOCKS).at(), "a policy has at most " + MAX_BLOCKS + " path blocks");
    }
    PolicyReader reader = new PolicyReader(now);
    return paths.stream().map(reader::block).flatMap(Optional::stream).toList();
  }

  private Optional<PathBlock> block(Member path) {
    Token label = label(path);
    String where = "path " + quote(label.text()) + ": ";
    List<Member> members = ((Members) path.value()).members();
    checkTemplate(label);
    Keys.IN_BLOCK.check(where, members);
    Optional<Instant> expiresAt =
        values(members, "expiration").findFirst().map(value -> moment(where, value));
    if (expiresAt.filter(at -> !now.isBefore(at)).isPresent()) {
      return Optional.empty();
    }
    PathPattern pattern = pattern(where, label);
    Set<Capability> capabilities = capabilities(where, members);
    refuseDenialOfTwo(where, path, capabilities);
    Constraints constraints = ConstraintReader.read(where, label.text(), members, capabilities);
    return Optional.of(
        new PathBlock(pattern, path.at().line(), capabilities, constraints, expiresAt));
  }

  /** Without a label a block is for the path {@code path}; of several, the first one counts. */
  private static Token label(Member path) {
    Node value = path.value();
    if (path.keys().size() == 1) {
      if (!(value instanceof Members)) {
        throw new PolicySyntaxException(
            path.at(),
            "path \"path\": cannot check HCL keys of type *ast."
                + (value instanceof Elements ? "ListType" : "LiteralType"));
      }
      return path.keys().get(0);
    }
    Token label = path.keys().get(1);
    if (!(value instanceof Members)) {
      throw Keys.unknown(
          "path \"path\": ", List.of(new Member(List.of(label), path.line(), value)));
    }
    return label;
  }

  /** Whoever denies two paths must not leave one of them open. */
  private static void refuseDenialOfTwo(String where, Member path, Set<Capability> capabilities) {
    if (path.keys().size() > 2 && capabilities.contains(DENY)) {
      throw new PolicySyntaxException(
          path.keys().get(2).at(), where + "a block that denies has one label");
    }
  }

  /** Selectors that nobody knows stand for nothing; those of the time would stand still. */
  private static void checkTemplate(Token label) {
    try {
      if (PathTemplate.parse(label.text()).selectors().stream()
          .anyMatch(selector -> selector.startsWith("time."))) {
        throw new IllegalArgumentException(
            "path " + quote(label.text()) + ": templates of the time are not supported");
      }
    } catch (IllegalArgumentException e) {
      throw new PolicySyntaxException(label.at(), String.valueOf(e.getMessage()));
    }
  }

  private static Stream<Node> values(List<Member> members, String key) {
    return members.stream().filter(member -> member.name().equals(key)).map(Member::value);
  }

  private static Instant moment(String where, Node value) {
    Token token = ((Literal) value).token();
    try {
      return switch (token.kind()) {
        case NUMBER -> Instant.ofEpochSecond(Long.decode(token.text()));
        case STRING, HEREDOC -> moment(token.text());
        default -> throw new IllegalArgumentException("neither text nor integer");
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new PolicySyntaxException(
          token.at(), where + "invalid expiration time: could not parse string as date and time");
    }
  }

  private static Instant moment(String text) {
    boolean seconds = text.matches("-?\\d+");
    return seconds ? Instant.ofEpochSecond(Long.parseLong(text)) : InstantText.parse(text);
  }

  private static PathPattern pattern(String where, Token label) {
    try {
      PathPattern pattern = PathPattern.of(label.text());
      if (!VaultPath.isPrintable(label.text())) {
        throw new IllegalArgumentException("paths must consist of printable characters");
      }
      return pattern;
    } catch (IllegalArgumentException e) {
      throw new PolicySyntaxException(label.at(), where + e.getMessage());
    }
  }

  /** The first denial ends the look at a block: nothing beside it counts. */
  private static Set<Capability> capabilities(String where, List<Member> members) {
    Set<Capability> given = EnumSet.noneOf(Capability.class);
    values(members, "policy").forEach(value -> given.addAll(shorthand(where, value)));
    List<Node> words = values(members, "capabilities")
        .flatMap(list -> ((Elements) list).nodes().stream())
        .toList();
    for (Node word : words) {
      if (given.contains(DENY)) {
        break;
      }
      given.add(capability(where, word));
    }
    return given.contains(DENY) ? Set.of(DENY) : given;
  }

  private static Set<Capability> shorthand(String where, Node value) {
    String word = ((Literal) value).token().text();
    Set<Capability> capabilities = SHORTHANDS.get(word);
    if (capabilities == null) {
      throw new PolicySyntaxException(value.at(), where + "invalid policy " + quote(word));
    }
    return capabilities;
  }

  private static Capability capability(String where, Node value) {
    String word = ((Literal) value).token().text();
    return Capability.parse(word)
        .orElseThrow(() ->
            new PolicySyntaxException(value.at(), where + "invalid capability " + quote(word)));
  }
}
