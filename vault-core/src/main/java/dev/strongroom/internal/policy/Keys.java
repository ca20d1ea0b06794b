package dev.strongroom.internal.policy;

import static dev.strongroom.internal.policy.PolicySyntaxException.quote;
import static java.util.Map.entry;

import dev.strongroom.internal.policy.Node.Elements;
import dev.strongroom.internal.policy.Node.Literal;
import dev.strongroom.internal.policy.Node.Member;
import dev.strongroom.internal.policy.Node.Members;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The keys that a part of a policy may have, and what may be their values. */
final class Keys {
  private static final int MAX_LISTED = 20;

  /** Keys that may be given again, because what they give adds up. */
  private static final Set<String> REPEATABLE = Set.of("path", "capabilities");

  static final Keys TOP_LEVEL = new Keys(Map.of("name", Type.TEXT, "path", Type.BLOCK));

  static final Keys IN_BLOCK = new Keys(Map.ofEntries(
      entry("capabilities", Type.TEXTS),
      entry("policy", Type.TEXT),
      entry("expiration", Type.LITERAL),
      entry("comment", Type.ANYTHING),
      entry("allowed_parameters", Type.LISTS_BY_NAME),
      entry("denied_parameters", Type.LISTS_BY_NAME),
      entry("required_parameters", Type.TEXTS),
      entry("mfa_methods", Type.TEXTS),
      entry("min_wrapping_ttl", Type.LITERAL),
      entry("max_wrapping_ttl", Type.LITERAL),
      entry("pagination_limit", Type.LITERAL),
      entry("list_scan_response_keys_filter_path", Type.TEXT)));

  private enum Type {
    TEXT,
    TEXTS,
    LISTS_BY_NAME,
    LITERAL,
    BLOCK,
    ANYTHING
  }

  private final Map<String, Type> types;

  private Keys(Map<String, Type> types) {
    this.types = types;
  }

  /**
   * Refuses keys that are not known, then those given twice, then values of a wrong type.
   *
   * @param where begins every message
   */
  void check(String where, List<Member> members) {
    List<Member> unknown =
        members.stream().filter(member -> !types.containsKey(member.name())).toList();
    if (!unknown.isEmpty()) {
      throw unknown(where, unknown);
    }
    Set<String> seen = new HashSet<>();
    for (Member member : members) {
      if (!seen.add(member.name()) && !REPEATABLE.contains(member.name())) {
        throw new PolicySyntaxException(
            member.at(), where + "repeated key " + quote(member.name()));
      }
    }
    for (Member member : members) {
      checkValue(where, member, types.getOrDefault(member.name(), Type.ANYTHING));
    }
  }

  static PolicySyntaxException unknown(String where, List<Member> members) {
    List<String> problems = members.stream()
        .limit(MAX_LISTED)
        .map(member -> where + "invalid key " + quote(member.name()) + " on line " + member.line())
        .toList();
    return new PolicySyntaxException(
        members.get(0).at(),
        members.size() == 1
            ? problems.get(0)
            : problems.stream()
                .collect(Collectors.joining(
                    "\n\t* ", members.size() + " errors occurred:\n\t* ", "\n\n")));
  }

  private static void checkValue(String where, Member member, Type type) {
    if (type != Type.BLOCK && member.keys().size() > 1) {
      throw new PolicySyntaxException(
          member.keys().get(1).at(), where + member.name() + " takes no label");
    }
    String prefix = where + member.name() + ": ";
    Node value = member.value();
    switch (type) {
      case TEXT -> requireText(prefix, value);
      case TEXTS -> elements(prefix, value).forEach(element -> requireText(prefix, element));
      case LISTS_BY_NAME -> {
        if (!(value instanceof Members names)) {
          throw new PolicySyntaxException(value.at(), prefix + "not an object type for map");
        }
        names.members().forEach(name -> elements(prefix, name.value()));
      }
      case LITERAL -> {
        if (!(value instanceof Literal)) {
          throw new PolicySyntaxException(value.at(), prefix + "unknown type");
        }
      }
      case BLOCK, ANYTHING -> {}
    }
  }

  private static List<Node> elements(String prefix, Node value) {
    if (value instanceof Elements list) {
      return list.nodes();
    }
    throw new PolicySyntaxException(value.at(), prefix + "unknown slice type: expected a list");
  }

  private static void requireText(String prefix, Node value) {
    if (!(value instanceof Literal literal && literal.isText())) {
      throw new PolicySyntaxException(value.at(), prefix + "unknown type for string");
    }
  }
}
