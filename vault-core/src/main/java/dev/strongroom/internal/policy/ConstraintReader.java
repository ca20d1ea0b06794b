package dev.strongroom.internal.policy;

import static dev.strongroom.internal.policy.Capability.DENY;
import static dev.strongroom.internal.policy.Capability.LIST;
import static dev.strongroom.internal.policy.PolicySyntaxException.quote;
import static java.util.stream.Collectors.toSet;

import dev.strongroom.internal.policy.Node.Elements;
import dev.strongroom.internal.policy.Node.Literal;
import dev.strongroom.internal.policy.Node.Member;
import dev.strongroom.internal.policy.Node.Members;
import dev.strongroom.internal.policy.Token.Kind;
import dev.strongroom.internal.template.Template;
import dev.strongroom.spi.DurationText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a block demands beside a capability, once the types of its values are known to be
 * right. Same rules and texts as OpenBao v2.6.2 {@code vault/policy/policy.go}.
 */
final class ConstraintReader {
  /** What a filter may use. */
  private static final Set<String> FILTER_FIELDS = Set.of("path", "key");

  private static final String FILTER = "list_scan_response_keys_filter_path";

  /** Two keys that differ at their end only show whether a template cuts it off. */
  private static final String SAMPLE_KEY = "k".repeat(1_000);

  private final String where;
  private final List<Member> members;

  private ConstraintReader(String where, List<Member> members) {
    this.where = where;
    this.members = members;
  }

  /**
   * Returns the constraints of a block; none for one that denies, where they are not looked at.
   *
   * @param where begins messages
   * @param path the block's label
   * @throws PolicySyntaxException if a value cannot be enforced
   */
  static Constraints read(
      String where, String path, List<Member> members, Set<Capability> capabilities) {
    if (capabilities.contains(DENY)) {
      return Constraints.NONE;
    }
    ConstraintReader reader = new ConstraintReader(where, members);
    return new Constraints(
        reader.wrapping(),
        reader.parameters(),
        reader.pages(),
        reader.filter(path, capabilities),
        reader.texts("mfa_methods").collect(toSet()));
  }

  private Optional<Node> value(String key) {
    return members.stream()
        .filter(member -> member.name().equals(key))
        .map(Member::value)
        .findFirst();
  }

  private Stream<String> texts(String key) {
    return value(key).stream()
        .flatMap(list -> ((Elements) list).nodes().stream())
        .map(text -> ((Literal) text).token().text());
  }

  private WrappingBounds wrapping() {
    Duration min = duration("min_wrapping_ttl");
    Duration max = duration("max_wrapping_ttl");
    if (!min.isZero() && !max.isZero() && max.compareTo(min) < 0) {
      throw new PolicySyntaxException(
          value("max_wrapping_ttl").orElseThrow().at(),
          where + "max_wrapping_ttl cannot be less than min_wrapping_ttl");
    }
    return new WrappingBounds(orNone(min), orNone(max));
  }

  private static Duration orNone(Duration bound) {
    return bound.isNegative() ? Duration.ZERO : bound;
  }

  private Duration duration(String key) {
    Optional<Token> value = value(key).map(node -> ((Literal) node).token());
    try {
      return value.map(ConstraintReader::duration).orElse(Duration.ZERO);
    } catch (IllegalArgumentException e) {
      throw new PolicySyntaxException(
          value.orElseThrow().at(), "error parsing " + key + ": " + e.getMessage());
    }
  }

  private static Duration duration(Token value) {
    return switch (value.kind()) {
      case NUMBER -> DurationText.parse(value.integer().toString());
      case FLOAT -> DurationText.parseSeconds(value.text() + "s");
      case STRING, HEREDOC -> DurationText.parse(value.text());
      default -> throw new IllegalArgumentException("expected a duration");
    };
  }

  private ParameterRules parameters() {
    return new ParameterRules(
        texts("required_parameters").map(ParameterRules::fold).collect(toSet()),
        lists("allowed_parameters"),
        lists("denied_parameters"));
  }

  private Map<String, ListedValues> lists(String key) {
    Map<String, ListedValues> lists = new HashMap<>();
    for (Member parameter : value(key).map(map -> ((Members) map).members()).orElse(List.of())) {
      List<?> values =
          ((Elements) parameter.value()).nodes().stream().map(this::listed).toList();
      String name = ParameterRules.fold(parameter.name());
      if (lists.put(name, ListedValues.of(values)) != null) {
        throw repeated(key + ": ", parameter);
      }
    }
    return lists;
  }

  private PolicySyntaxException repeated(String in, Member member) {
    return new PolicySyntaxException(
        member.at(), where + in + "repeated key " + quote(member.name()));
  }

  /** Returns a value as requests have it. */
  private Object listed(Node value) {
    if (value instanceof Elements list) {
      return list.nodes().stream().map(this::listed).toList();
    }
    if (value instanceof Members object) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      for (Member member : object.members()) {
        if (member.keys().size() > 1) {
          throw new PolicySyntaxException(
              member.keys().get(1).at(), where + quote(member.name()) + " takes no label");
        }
        if (all.containsKey(member.name())) {
          throw repeated("", member);
        }
        boolean none =
            member.value() instanceof Literal literal && literal.token().is(Kind.NULL);
        all.put(member.name(), none ? null : listed(member.value()));
      }
      return all;
    }
    Token token = ((Literal) value).token();
    return switch (token.kind()) {
      case BOOL -> Boolean.valueOf(token.text());
      case NUMBER, FLOAT -> number(token);
      default -> token.text();
    };
  }

  private BigDecimal number(Token token) {
    try {
      return token.decimal();
    } catch (NumberFormatException e) {
      throw new PolicySyntaxException(token.at(), where + "illegal number");
    }
  }

  private PageLimit pages() {
    Optional<Token> value = value("pagination_limit").map(node -> ((Literal) node).token());
    try {
      return new PageLimit(Math.max(0, value.map(ConstraintReader::count).orElse(0L)));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new PolicySyntaxException(
          value.orElseThrow().at(), where + "pagination_limit: expected an integer of 64 bits");
    }
  }

  private static long count(Token value) {
    return switch (value.kind()) {
      case NUMBER -> value.integer().longValueExact();
      case STRING -> value.text().isEmpty() ? 0 : Long.parseLong(value.text());
      default -> throw new IllegalArgumentException("neither text nor integer");
    };
  }

  private Optional<Template> filter(String path, Set<Capability> capabilities) {
    Optional<Token> value = value(FILTER).map(node -> ((Literal) node).token());
    if (value.isEmpty() || value.get().text().isEmpty()) {
      return Optional.empty();
    }
    Token token = value.get();
    if (!capabilities.contains(LIST)) {
      throw new PolicySyntaxException(
          token.at(), where + FILTER + " needs to be used on a path with the list capability");
    }
    Template filter;
    boolean tellsKeysApart;
    try {
      filter = Template.parse(token.text(), FILTER_FIELDS);
      tellsKeysApart = !filled(filter, path, "1").equals(filled(filter, path, "2"));
    } catch (IllegalArgumentException e) {
      throw new PolicySyntaxException(
          token.at(), where + "unable to compile template for " + FILTER + ": " + e.getMessage());
    }
    if (!tellsKeysApart) {
      throw new PolicySyntaxException(
          token.at(), where + FILTER + " resulted in same path for two different keys");
    }
    return Optional.of(filter);
  }

  private static String filled(Template filter, String path, String end) {
    return filter.fill(Map.of("path", path, "key", SAMPLE_KEY + end));
  }
}
