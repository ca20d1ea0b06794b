package dev.strongroom.internal.password;

import dev.strongroom.internal.policy.Document;
import dev.strongroom.internal.policy.Node;
import dev.strongroom.internal.policy.Node.Elements;
import dev.strongroom.internal.policy.Node.Literal;
import dev.strongroom.internal.policy.Node.Member;
import dev.strongroom.internal.policy.Node.Members;
import dev.strongroom.internal.policy.Token;
import dev.strongroom.internal.policy.Token.Kind;
import dev.strongroom.request.VaultPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a password policy says, once its syntax is known. Same rules and texts as OpenBao
 * v2.6.2 {@code helper/random/parser.go}, but a negative number of characters is refused, and so is
 * a rule without characters. Keys that nobody knows do not count.
 */
final class PasswordPolicyReader {
  static final String RULE = "rule";

  private static final String CHARSET = "charset";
  private static final String MIN_CHARS = "min-chars";
  private static final String RESTRICTION = "failed to parse charset restriction: ";
  private static final int MAX_RULES = 100;
  private static final int MAX_CHARSET = 4_096;
  private static final int MAX_DIGITS = 18;

  private final int length;
  private final List<CharsetRule> rules = new ArrayList<>();

  private PasswordPolicyReader(Document document) {
    length = length(document.members());
    for (Member member : document.members()) {
      if (member.name().equals(RULE)) {
        addRules(member);
      }
    }
    requireSound();
  }

  /** Reads a document; anything wrong is an {@link IllegalArgumentException} for people. */
  static PasswordPolicyReader read(Document document) {
    return new PasswordPolicyReader(document);
  }

  int length() {
    return length;
  }

  List<CharsetRule> rules() {
    return rules;
  }

  /** Of several, the last one counts. */
  private static int length(List<Member> members) {
    int length = 0;
    for (Member member : members) {
      if (member.name().equalsIgnoreCase("length")) {
        try {
          length = number(member);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "failed to decode configuration: length: " + e.getMessage(), e);
        }
      }
    }
    return length;
  }

  private void addRules(Member member) {
    try {
      if (member.keys().size() > 2) {
        throw new IllegalArgumentException("a rule has one type");
      }
      if (member.keys().size() == 2) {
        addRule(member.keys().get(1).text(), member.value());
      } else {
        blocks(member.value(), "a rule is a block")
            .forEach(types -> types.members().forEach(type -> addRule(type.name(), type.value())));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("unable to parse rules: " + e.getMessage(), e);
    }
  }

  private void addRule(String type, Node value) {
    if (!type.equals(CHARSET)) {
      throw new IllegalArgumentException("unrecognized rule type " + printable(type));
    }
    try {
      blocks(value, "expected a block").forEach(block -> rules.add(rule(block.members())));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(RESTRICTION + e.getMessage(), e);
    }
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException("at most " + MAX_RULES + " rules");
    }
  }

  private static String printable(String type) {
    return VaultPath.isPrintable(type) && type.length() <= 100 ? type : "that is no word";
  }

  private static List<Members> blocks(Node value, String otherwise) {
    if (value instanceof Members block) {
      return List.of(block);
    }
    if (value instanceof Elements list
        && list.nodes().stream().allMatch(Members.class::isInstance)) {
      return list.nodes().stream().map(Members.class::cast).toList();
    }
    throw new IllegalArgumentException(otherwise);
  }

  private static CharsetRule rule(List<Member> members) {
    String charset = "";
    int minChars = 0;
    for (Member member : members) {
      if (member.name().equalsIgnoreCase(CHARSET)) {
        charset = text(member);
      } else if (member.name().equalsIgnoreCase(MIN_CHARS)) {
        minChars = number(member);
      }
    }
    return CharsetRule.of(charset, minChars);
  }

  private static String text(Member member) {
    Token token = literal(member, "a string");
    if (!token.is(Kind.STRING) && !token.is(Kind.HEREDOC)) {
      throw expected(member, "a string");
    }
    if (token.text().codePointCount(0, token.text().length()) > MAX_CHARSET) {
      throw expected(member, "at most " + MAX_CHARSET + " characters");
    }
    return token.text();
  }

  /** A fraction is cut off. */
  private static int number(Member member) {
    Token token = literal(member, "an integer");
    if (!token.is(Kind.NUMBER) && !token.is(Kind.FLOAT)) {
      throw expected(member, "an integer");
    }
    try {
      BigDecimal value = token.decimal();
      if (value.precision() - (long) value.scale() > MAX_DIGITS) {
        throw new ArithmeticException("written out, it could have millions of digits");
      }
      return Math.toIntExact(value.longValue());
    } catch (ArithmeticException | NumberFormatException e) {
      throw expected(member, "an integer of 32 bits");
    }
  }

  private static Token literal(Member member, String wanted) {
    if (member.keys().size() == 1 && member.value() instanceof Literal literal) {
      return literal.token();
    }
    throw expected(member, wanted);
  }

  private static IllegalArgumentException expected(Member member, String wanted) {
    return new IllegalArgumentException("line " + member.at().line() + ": expected " + wanted);
  }

  private void requireSound() {
    List<String> problems = new ArrayList<>();
    if (length <= 0) {
      problems.add("length must be > 0");
    }
    long required = rules.stream().mapToLong(CharsetRule::minChars).sum();
    if (required > length) {
      problems.add("specified rules require at least " + required + " characters but " + length
          + " is specified");
    }
    if (rules.stream().anyMatch(rule -> rule.minChars() < 0)) {
      problems.add("min-chars must be >= 0");
    }
    if (rules.isEmpty() || rules.stream().anyMatch(rule -> rule.characters().length == 0)) {
      problems.add("no charset specified");
    }
    if (!rules.stream().allMatch(PasswordPolicyReader::isPrintable)) {
      problems.add("non-printable character in charset");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static boolean isPrintable(CharsetRule rule) {
    int[] characters = rule.characters();
    return VaultPath.isPrintable(new String(characters, 0, characters.length));
  }
}
